// Elements of the page, made without markup in texts, so that no name of a column can become any.

/** An element with properties (`class`, `text`, `data-...` and other attributes) and children. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") made.textContent = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** Numbers as people read them: six digits that count. */
export function readable(number) {
  return new Intl.NumberFormat("en", { maximumSignificantDigits: 6 }).format(number);
}

/** A probability as a share: 12.3%, and never 0% or 100% for what is neither. */
export function share(probability) {
  if (probability > 0 && probability < 0.001) return "< 0.1%";
  if (probability < 1 && probability > 0.999) return "> 99.9%";
  return `${(100 * probability).toFixed(1)}%`;
}

/** A place to drop files on, which is a button of a file chooser as well. */
export function dropZone(place, take) {
  const input = place.querySelector("input");
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = ""; // the same file may be chosen again
    if (files.length) take(files);
  });
  for (const name of ["dragenter", "dragover"]) {
    place.addEventListener(name, (event) => {
      event.preventDefault();
      place.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) place.addEventListener(name, () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    const files = [...event.dataTransfer.files];
    if (files.length) take(input.multiple ? files : files.slice(0, 1));
  });
}
