// The page: loads schema, network and runtime, and ties form, files and answers together.

import { drawAnswer } from "./answer.mjs";
import { dropZone, element } from "./elements.mjs";
import { Form } from "./form.mjs";
import { Network, loadRuntime } from "./network.mjs";
import { pixelsOf } from "./pixels.mjs";
import { Schema } from "./schema.mjs";
import { drawScored, scoreTable } from "./scoring.mjs";

const PAGE = new URL(".", import.meta.url);
const PLACES = [new URL("..", PAGE), PAGE]; // of schema.json and network.onnx: the exported folder, else beside the page
const FRESH = { cache: "no-cache" }; // asks whether it is still the same: an export may have been replaced
const byId = (id) => document.getElementById(id);

/** Where the exported files are, with the schema. */
async function findExport() {
  for (const place of PLACES) {
    const answer = await fetch(new URL("schema.json", place), FRESH);
    const record = answer.ok ? await answer.json().catch(() => null) : null;
    if (record?.format && record.input) return { place, record };
  }
  throw new Error("schema.json is neither in the folder above this page nor beside it: serve the whole exported folder, or copy schema.json and network.onnx here");
}

async function runtime() {
  const folder = new URL("ort/", PAGE);
  try {
    return await loadRuntime(folder);
  } catch (error) {
    byId("no-runtime").hidden = false;
    throw new Error(`onnxruntime-web is not in the folder ort/ beside this page (${error.message})`);
  }
}

async function fetchNetwork(place) {
  const answer = await fetch(new URL("network.onnx", place), FRESH);
  if (!answer.ok) throw new Error(`network.onnx cannot be fetched: ${answer.status} ${answer.statusText}`);
  return new Uint8Array(await answer.arrayBuffer());
}

function say(text, isError = false) {
  const place = byId("status");
  place.textContent = text;
  place.hidden = !text;
  place.classList.toggle("alarm", isError);
  place.classList.toggle("late", !isError);
}

function refuse(place, error) {
  place.replaceChildren(element("p", { class: "alarm", role: "alert", text: error.message }));
}

/** Lets the page be drawn between two batches. */
function breathing(place, what) {
  return async (done, all) => {
    if (done < all) place.replaceChildren(element("p", { class: "soft", text: `${what}: ${Math.round((100 * done) / all)}%` }));
    await new Promise((resume) => setTimeout(resume));
  };
}

function openTable(schema, network) {
  const { record } = schema;
  let latest = 0;
  const form = new Form(schema, byId("fields"), () => answer());

  async function answer() {
    const turn = ++latest;
    const row = form.read();
    const place = byId("answer");
    place.classList.toggle("stale", row === null);
    if (row === null) return;
    try {
      const output = await network.run(row);
      if (turn !== latest) return;
      const odd = schema.warnings(row)[0].map((text) => element("li", { text }));
      place.replaceChildren(...drawAnswer(record, output), ...(odd.length ? [element("ul", { class: "odd" }, ...odd)] : []));
      place.dataset.turn = turn;
    } catch (error) {
      refuse(place, error);
    }
  }

  byId("row").addEventListener("submit", (event) => event.preventDefault());
  byId("typical").addEventListener("click", () => {
    form.fill();
    answer();
  });
  dropZone(byId("drop-table"), async ([file]) => {
    const place = byId("scored");
    try {
      const scored = await scoreTable(file, schema, network, breathing(place, file.name));
      place.replaceChildren(...drawScored(record, scored, file.name));
    } catch (error) {
      refuse(place, new Error(`${file.name}: ${error.message}`));
    }
  });
  byId("table").hidden = false;
  return answer();
}

function openImages(schema, network) {
  const { record } = schema;
  dropZone(byId("drop-images"), async (files) => {
    const place = byId("seen");
    place.replaceChildren();
    try {
      const begun = performance.now();
      const output = new Float64Array(files.length * network.answers);
      for (const [number, file] of files.entries()) {
        const pixels = await pixelsOf(file, record.image);
        const found = await network.run(pixels);
        output.set(found, number * network.answers);
        place.append(element("figure", { class: "image" }, picture(pixels, record.image), element("figcaption", { text: file.name }), ...drawAnswer(record, found)));
      }
      const seconds = (performance.now() - begun) / 1000;
      const scored = { names: files.map((file) => file.name), output, warnings: files.map(() => []), seconds };
      const title = files.length === 1 ? files[0].name : `${files.length} images`;
      byId("scored-images").replaceChildren(drawScored(record, scored, title)[0]);
    } catch (error) {
      refuse(byId("scored-images"), error);
    }
  });
  byId("size").textContent = `${record.image.height} x ${record.image.width} pixels`;
  byId("images").hidden = false;
}

/** What the network gets to see. */
function picture(pixels, { channels, height, width }) {
  const canvas = element("canvas", { width, height, role: "img", "aria-label": "what the network sees" });
  const data = new ImageData(width, height);
  for (let at = 0; at < width * height; at++) {
    for (let channel = 0; channel < 3; channel++) {
      data.data[4 * at + channel] = pixels[(channels === 1 ? 0 : channel) * width * height + at];
    }
    data.data[4 * at + 3] = 255;
  }
  canvas.getContext("2d").putImageData(data, 0, 0);
  return canvas;
}

async function start() {
  say("Loading the network ...");
  const { place, record } = await findExport();
  const schema = new Schema(record);
  const [ort, bytes] = await Promise.all([runtime(), fetchNetwork(place)]);
  const network = await Network.load(ort, bytes, record);
  const { assay } = record.bundle.versions;
  byId("made").textContent = `Bundle ${record.bundle.sha256.slice(0, 12)}, Assay ${assay}; onnxruntime-web ${ort.env.versions.web ?? ort.env.versions.common}, WebAssembly, one thread.`;
  await (record.kind === "image" ? openImages(schema, network) : openTable(schema, network));
  say("");
  document.documentElement.dataset.ready = "true";
}

start().catch((error) => {
  say(error.message, true);
  document.documentElement.dataset.ready = "failed";
});
