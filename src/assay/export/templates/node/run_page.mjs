// Runs the network of an exported page in Node, by the page's own modules and its onnxruntime-web:
//   node run_page.mjs FOLDER
// Standard input holds batches: the number of rows as 4 bytes (little-endian), then the raw rows. To each, standard
// output gets 4 bytes that count the float64 numbers that follow.

import { readFile } from "node:fs/promises";
import { stdin, stdout } from "node:process";
import { pathToFileURL } from "node:url";

const folder = pathToFileURL(`${process.argv[2]}/`);
const { Network, loadRuntime } = await import(new URL("browser/network.mjs", folder));
const record = JSON.parse(await readFile(new URL("schema.json", folder), "utf-8"));
const ort = await loadRuntime(new URL("browser/ort/", folder));
ort.env.wasm.wasmBinary = await readFile(new URL("browser/ort/ort-wasm-simd-threaded.wasm", folder)); // Node fetches no files
const network = await Network.load(ort, await readFile(new URL("network.onnx", folder)), record);
const isBytes = record.input.dtype === "uint8";
const rowBytes = network.width * (isBytes ? 1 : 8);

let held = Buffer.alloc(0);
for await (const chunk of stdin) {
  held = Buffer.concat([held, chunk]);
  while (held.length >= 4 && held.length >= 4 + held.readUInt32LE() * rowBytes) {
    const end = 4 + held.readUInt32LE() * rowBytes;
    const raw = new Uint8Array(held.subarray(4, end)).buffer; // a copy, aligned as Float64Array wants it
    held = held.subarray(end);
    const output = await network.run(isBytes ? new Uint8Array(raw) : new Float64Array(raw));
    const count = Buffer.alloc(4);
    count.writeUInt32LE(output.length);
    stdout.write(Buffer.concat([count, Buffer.from(output.buffer)]));
  }
}
