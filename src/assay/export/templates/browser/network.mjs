// network.onnx in onnxruntime-web: raw rows in, values or probabilities out, one thread, WebAssembly.

const BATCH = 1024; // rows at once: memory does not grow with the file

/** onnxruntime-web from a folder beside the page; it fetches its WebAssembly from the same folder. */
export async function loadRuntime(folder) {
  const ort = await import(new URL("ort.wasm.bundle.min.mjs", folder).href);
  ort.env.wasm.numThreads = 1; // more need a page that is isolated from other origins, by headers of the server
  ort.env.logLevel = "error";
  return ort;
}

/** A network that is ready to answer. */
export class Network {
  constructor(ort, session, record) {
    this.ort = ort;
    this.session = session;
    this.record = record;
    this.width = record.input.shape.slice(1).reduce((product, size) => product * size, 1);
    this.answers = record.labels.length || 1;
  }

  /**
   * @param ort what `loadRuntime` gives
   * @param bytes of network.onnx
   * @param record what schema.json holds
   */
  static async load(ort, bytes, record) {
    const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
    return new Network(ort, session, record);
  }

  /** Raw rows, Float64Array or Uint8Array of N times the width -> Float64Array (N), or (N * K). */
  async run(raw, progress = async () => {}) {
    const rows = raw.length / this.width;
    const output = new Float64Array(rows * this.answers);
    for (let start = 0; start < rows; start += BATCH) {
      const end = Math.min(start + BATCH, rows);
      const part = raw.subarray(start * this.width, end * this.width);
      output.set(await this.#batch(part, end - start), start * this.answers);
      await progress(end, rows);
    }
    const bad = output.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new Error(`row ${Math.floor(bad / this.answers) + 1}: the network's answer is not a finite number`);
    return output;
  }

  async #batch(part, rows) {
    const { input, output } = this.record;
    const tensor = new this.ort.Tensor(input.dtype, part, [rows, ...input.shape.slice(1)]);
    const found = await this.session.run({ [input.name]: tensor });
    return found[output.name].data;
  }
}
