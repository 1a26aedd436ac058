// Copies the browser assets that Lianqi uses from node_modules into the tree, with their licences.
//
//   npm ci --ignore-scripts && node tools/vendor.mjs
//
// The result is committed: running the product needs neither Node nor a network. The script drops
// what was there before, so a removed asset or icon disappears from the tree as well.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const MODULES = join(ROOT, "node_modules");
const TARGET = join(ROOT, "src/lianqi/web/static/vendor");

const COPIES = [
  ["htmx.org/dist/htmx.min.js", "htmx/htmx.min.js"],
  ["htmx.org/LICENSE", "htmx/LICENSE"],
  ["@tabler/core/dist/css/tabler.min.css", "tabler/tabler.min.css"],
];

// Tabler names the licence in package.json and prints it on its site; the npm package has no file.
const TABLER_LICENCE = "@tabler/icons/LICENSE";

// Outline icons that pages may ask for with {% icon "name" %}; keep the list sorted.
const ICONS = `
  adjustments-horizontal alert-circle alert-octagon alert-triangle arrow-back-up arrow-left
  arrow-right award bell briefcase building building-bank building-community building-factory-2
  calendar calendar-pause chart-bar chart-line check chevron-down chevron-left chevron-right
  circle-check circle-dashed circle-x clipboard-check clipboard-list clock copy device-mobile
  download edit external-link eye eye-off file-spreadsheet file-text files filter flag git-merge
  help-circle history home inbox info-circle key language layout-dashboard link list-details lock
  login logout mail map-pin menu-2 message-circle message-plus paperclip phone player-pause
  player-stop plus printer refresh search send settings shield-check shield-lock sitemap star
  thumb-down thumb-up transfer trash upload user user-circle user-plus users world x
`.trim().split(/\s+/);

/** Drops the pointer to a source map that is not vendored: a manifest storage would miss the file. */
function withoutSourceMap(text) {
  return text.replace(/\n?(?:\/\/# sourceMappingURL=\S+|\/\*# sourceMappingURL=\S+ \*\/)\s*$/u, "\n");
}

function write(path, text) {
  const target = join(TARGET, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

function symbol(name) {
  const svg = readFileSync(join(MODULES, "@tabler/icons/icons/outline", `${name}.svg`), "utf8");
  const shapes = svg
    .slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>"))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.includes('d="M0 0h24v24H0z"'))
    .join("");
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
}

rmSync(TARGET, { recursive: true, force: true });
for (const [from, to] of COPIES) {
  write(to, withoutSourceMap(readFileSync(join(MODULES, from), "utf8")));
}
const licence = readFileSync(join(MODULES, TABLER_LICENCE), "utf8");
write("tabler/LICENSE", licence);
write("tabler-icons/LICENSE", licence);
write(
  "tabler-icons/sprite.svg",
  `<svg xmlns="http://www.w3.org/2000/svg">\n${ICONS.map(symbol).join("\n")}\n</svg>\n`,
);
console.log(`Vendored ${COPIES.length} files and ${ICONS.length} icons into ${TARGET}`);
