"use strict";
// The pictures stand in the page as SVG; this sorts, filters, saves, opens and follows the control.
(() => {
  // What only scripts read is packed: the data behind the charts, and the page under every setting.
  const PAGE = window.PAGE = {settled: () => {}, after: []};
  const ALPHABET = document.getElementById("packed").dataset.letters;
  const unpack = async () => {
    const bytes = [], text = document.getElementById("packed").textContent;
    let waiting = 0, bits = 0;
    for (let i = 0; i < text.length; i += 2) {  // two letters of 91 are 13 bits, or 14 where that fits
      const two = ALPHABET.indexOf(text[i]) + 91 * Math.max(ALPHABET.indexOf(text[i + 1]), 0);
      waiting |= two << bits;
      bits += (two & 8191) > 88 ? 13 : 14;
      for (; bits > 7; bits -= 8, waiting >>>= 8) bytes.push(waiting & 255);
    }
    const stream = new Blob([new Uint8Array(bytes.slice(0, Number(document.getElementById("packed").dataset.size)))]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return JSON.parse(await new Response(stream).text());
  };
  PAGE.ready = unpack().then((found) => { PAGE.d = found; PAGE.after.forEach((one) => one()); document.documentElement.dataset.ready = ""; });
  PAGE.redrawn = new WeakMap();
  const data = (figure) => {
    const {columns, values} = PAGE.redrawn.get(figure) ?? PAGE.d.charts[figure.id.slice(6)] ?? PAGE.behind(figure);
    const unpacked = {
      runs: (all) => all.flatMap(([word, n]) => Array(n).fill(word)),
      bp: (all) => all.map((one) => one === null ? null : one / 10000),
      span: ([low, high, times]) => Array.from({length: times * (high - low + 1)}, (_, i) => low + i % (high - low + 1)),
      days: ([first, ...steps]) => {
        const at = [Date.parse(first)];
        steps.forEach((step) => at.push(at.at(-1) + step * 86400000));
        return at.map((one) => new Date(one).toISOString().slice(0, 10));
      },
    };
    const whole = values.map((one) => Array.isArray(one) ? one : unpacked[Object.keys(one)[0]](Object.values(one)[0]));
    return {columns, rows: (whole[0] ?? []).map((_, i) => whole.map((one) => one[i]))};
  };
  const whole = PAGE.whole = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
  const many = PAGE.many = (n, thing) => `${whole(n)} ${thing}${n === 1 ? "" : "s"}`;
  PAGE.equal = (p) => p.startsWith("<") ? `<\u00a0${p.slice(1)}` : `=\u00a0${p}`;
  const openAll = () => document.querySelectorAll("details").forEach((one) => { one.open = true; });

  // Theme: system, light, dark.
  const themed = document.getElementById("theme");
  const themes = ["system", "light", "dark"];
  themed.addEventListener("click", () => {
    const root = document.documentElement;
    const next = themes[(themes.indexOf(root.dataset.theme || "system") + 1) % 3];
    if (next === "system") delete root.dataset.theme; else root.dataset.theme = next;
    themed.textContent = `Theme: ${next}`;
  });

  // Printing: everything open.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = document.documentElement.dataset.print === "full" ? [...document.querySelectorAll("details:not([open])")] : [];
    closed.forEach((one) => { one.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((one) => { one.open = false; }));

  // Saving, and the data behind a chart.
  const save = (url, name) => Object.assign(document.createElement("a"), {href: url, download: name}).click();
  const cell = (value) => {
    let text = value === null ? "" : String(value);
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const csv = ({columns, rows}) => [columns, ...rows].map((row) => row.map(cell).join(",")).join("\n") + "\n";
  const shown = (value) => typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(6).replace(/\.?0+$/, "") : value ?? "–";
  const table = (figure) => {
    const {columns, rows} = data(figure);
    const box = Object.assign(document.createElement("div"), {className: "scroll data", tabIndex: 0});
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "The data of the chart");
    box.style.maxHeight = "20rem";
    box.style.overflow = "auto";
    const made = box.appendChild(document.createElement("table"));
    made.createCaption().textContent = figure.querySelector("figcaption strong").textContent;
    const head = made.createTHead().insertRow();
    columns.forEach((name) => head.appendChild(Object.assign(document.createElement("th"), {scope: "col", textContent: name})));
    const body = made.createTBody();
    rows.forEach((row) => {
      const line = body.insertRow();
      row.forEach((value) => Object.assign(line.insertCell(), {textContent: shown(value), className: typeof value === "number" ? "n" : ""}));
    });
    return box;
  };
  const ACTIONS = {
    csv: (figure) => {
      const url = URL.createObjectURL(new Blob([csv(data(figure))], {type: "text/csv"}));
      save(url, `${figure.id}.csv`);
      setTimeout(() => URL.revokeObjectURL(url), 1000);
    },
    table: (figure, pressed) => {
      const open = figure.querySelector(".data");
      if (open) open.remove(); else figure.append(table(figure));
      pressed.setAttribute("aria-expanded", String(!open));
    },
  };
  // A picture that leaves the page takes its title, what is drawn, its source and light colours with it.
  const TEXT = "font-family:system-ui,sans-serif;";
  const STYLE = () => `text{font-size:11px;font-family:system-ui,"Liberation Sans",Arial,sans-serif;fill:${TOKENS.muted[0]}}.m{text-anchor:middle}.e{text-anchor:end}`
    + `.t10{font-size:10px}.t12{font-size:12px}.t13{font-size:13px}.t34{font-size:34px}.k{fill:${TOKENS.ink[0]}}.g,.z{stroke:${TOKENS.grid[0]};fill:none}.z{stroke:${TOKENS.muted[0]}}.v{fill:none;stroke:${TOKENS.muted[0]};stroke-dasharray:2 3}.l{fill:none;stroke-width:2}path[class^=s-]{fill:none}.i{fill:none;stroke-width:1.4}.o{fill:#fff;stroke-width:1.6}`
    + Object.entries(TOKENS).map(([name, [light]]) => `.f-${name}{fill:${light}}.s-${name}{stroke:${light}}`).join("");
  const wrapped = (text, most) => {
    const lines = [""];
    for (const word of text.split(/\s+/)) {
      if ((lines.at(-1) + " " + word).length > most && lines.at(-1)) lines.push("");
      lines.push(`${lines.pop()} ${word}`.trim());
    }
    return lines;
  };
  const standing = (figure) => {
    const own = [...figure.querySelectorAll(".plot svg")].find((one) => one.getClientRects().length) ?? figure.querySelector("svg");
    const {width, height} = own.viewBox.baseVal;
    const space = "http://www.w3.org/2000/svg";
    const root = document.createElementNS(space, "svg");
    let y = 6;
    const write = (text, size, weight, colour) => {
      for (const line of wrapped(text, Math.floor((width - 16) / size / (weight > 500 ? 0.62 : 0.56)))) {
        y += size + 4;
        const made = root.appendChild(document.createElementNS(space, "text"));
        made.textContent = line;
        made.setAttribute("x", 8);
        made.setAttribute("y", y);
        made.setAttribute("style", `${TEXT}font-size:${size}px;font-weight:${weight};fill:${colour}`);
      }
    };
    root.appendChild(document.createElementNS(space, "style")).textContent = STYLE();
    const ground = root.appendChild(document.createElementNS(space, "rect"));
    const caption = figure.querySelector("figcaption");
    write(caption.querySelector("strong").textContent, 14, 600, TOKENS.ink[0]);
    if (caption.querySelector(".note")) write(caption.querySelector(".note").textContent, 11, 400, TOKENS.muted[0]);
    const inner = root.appendChild(document.createElementNS(space, "g"));
    inner.setAttribute("transform", `translate(0 ${y + 8})`);
    inner.innerHTML = own.innerHTML;
    y += 8 + height;
    const source = document.querySelector("main").dataset.source;  // a picture that follows the control is of its model
    write(PAGE.redrawn.has(figure) ? source.replace(PAGE.d.specs[0][2], PAGE.state?.label ?? PAGE.d.specs[0][2]) : source, 10, 400, TOKENS.muted[0]);
    y += 10;
    for (const [key, value] of Object.entries({viewBox: `0 0 ${width} ${y}`, width, height: y})) root.setAttribute(key, value);
    for (const [key, value] of Object.entries({width, height: y, fill: "#fff"})) ground.setAttribute(key, value);
    return {text: new XMLSerializer().serializeToString(root), width, height: y};
  };
  const give = (blob, name) => {
    const url = URL.createObjectURL(blob);
    save(url, name);
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };
  ACTIONS.svg = (figure) => give(new Blob([standing(figure).text], {type: "image/svg+xml"}), `${figure.id}.svg`);
  ACTIONS.png = async (figure) => {
    const {text, width, height} = standing(figure);
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), {width: 2 * width, height: 2 * height});
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => give(blob, `${figure.id}.png`), "image/png");
  };
  // Buttons come with the script that serves them.
  const BUTTONS = [["svg", "SVG", "Save as SVG"], ["png", "PNG", "Save as PNG"], ["csv", "CSV", "Save the data as CSV"], ["table", "Data", "Show the data"]];
  const equip = (figure) => {
    const box = figure.appendChild(Object.assign(document.createElement("div"), {className: "actions"}));
    const title = figure.querySelector("figcaption strong").textContent;
    for (const [action, textContent, what] of BUTTONS) {
      const made = box.appendChild(Object.assign(document.createElement("button"), {type: "button", textContent, ariaLabel: `${what}: ${title}`}));
      made.dataset.action = action;
      if (action === "table") made.ariaExpanded = "false";
    }
  };
  document.querySelectorAll("figure.chart").forEach(equip);
  PAGE.shut = (figure) => { figure.querySelector(".data")?.remove(); figure.querySelector("[data-action=table]")?.setAttribute("aria-expanded", "false"); };
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-action]");
    if (pressed) PAGE.ready.then(() => ACTIONS[pressed.dataset.action](pressed.closest("figure"), pressed));
  });
  document.getElementById("open-all")?.addEventListener("click", openAll);

  // Search over announcements; the control leaves out others.
  const all = [...document.querySelectorAll("details.announcement")];
  const search = document.getElementById("search");
  PAGE.look = () => {
    const words = (search?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    for (const one of all) {
      const text = words.length ? `${one.id} ${one.textContent}`.toLowerCase() : "";
      one.hidden = "off" in one.dataset || !words.every((word) => text.includes(word));
    }
    const shown = all.filter((one) => !one.hidden).length, others = PAGE.more?.look(words);
    const left = shown + (others?.matching ?? 0), every = all.length + (others?.all ?? 0);
    const found = document.getElementById("found");
    if (!found) return;
    found.textContent = left === every ? `${many(left, "announcement")}, latest first`
      : others?.idle ? `${whole(shown)} of ${many(every, "announcement")}, latest first`
      : left ? `${whole(left)} of ${many(every, "announcement")}${others?.matching > others?.told ? `; ${whole(shown + others.told)} of them are listed` : ""}` : "No announcement matches";
  };
  search?.addEventListener("input", PAGE.look);
  const copy = async (text, pressed) => {
    const field = document.body.appendChild(Object.assign(document.createElement("textarea"), {value: text}));
    field.select();
    let done = document.execCommand("copy");
    field.remove();
    if (!done && navigator.clipboard) done = await navigator.clipboard.writeText(text).then(() => true, () => false);
    const before = pressed.dataset.says ??= pressed.textContent;
    pressed.textContent = done ? "Copied" : "Not copied";
    setTimeout(() => { pressed.textContent = before; }, 1500);
  };
  const button = (textContent, press) => {
    const made = Object.assign(document.createElement("button"), {type: "button", textContent});
    made.addEventListener("click", () => press(made));
    return made;
  };
  const linked = (one) => {
    if (!one.open || one.querySelector(".link")) return;
    const box = Object.assign(document.createElement("p"), {className: "actions link"});
    const link = () => `${location.href.split("#")[0]}#${PAGE.address?.(one.id, {v: "alone"}) ?? encodeURIComponent(one.id)}`;
    box.append(button("Copy a link to this announcement", (made) => copy(link(), made)));
    const alone = Object.assign(document.createElement("a"), {textContent: "Show it alone", href: `#${encodeURIComponent(one.id)}?v=alone`});
    alone.addEventListener("click", (event) => { event.preventDefault(); location.hash = link().split("#")[1]; });
    box.append(alone);
    one.querySelector("summary").after(box);
  };
  PAGE.linked = (one) => { linked(one); one.addEventListener("toggle", () => linked(one)); };
  all.forEach(PAGE.linked);

  // Tables: copied as LaTeX, Markdown or tab-separated text.
  const lines = (box) => [...box.querySelectorAll("tr")].filter((row) => !row.hidden).map((row) => [...row.cells].map((one) => one.textContent.trim()));
  const TEX = {"\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "_": "\\_", "%": "\\%", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "−": "$-$", "±": "$\\pm$", "<": "$<$", ">": "$>$", "[": "{[}", "’": "'", "–": "--", "²": "$^2$"};
  const tex = (text) => text.replace(/[\\{}$&#_%~^−±<>[’–²]/g, (one) => TEX[one]);
  const COPIES = {
    LaTeX: (box) => {
      const [head, ...rows] = lines(box);
      const right = [...box.querySelectorAll("thead th")].map((one) => one.classList.contains("n") ? "r" : "l").join("");
      const row = (cells) => `${cells.map(tex).join(" & ")} \\\\`;
      return ["\\begin{table}", "\\centering", `\\caption{${tex(box.querySelector("caption").textContent)}}`, `\\label{tab:${box.id.replace(/^table-/, "")}}`,
        `\\begin{tabular}{${right}}`, "\\toprule", row(head), "\\midrule", ...rows.map(row), "\\bottomrule", "\\end{tabular}", "\\end{table}", ""].join("\n");
    },
    Markdown: (box) => {
      const [head, ...rows] = lines(box);
      const row = (cells) => `| ${cells.map((one) => one.replace(/[\\`*_[\]|<]/g, "\\$&")).join(" | ")} |`;
      return [row(head), `| ${head.map(() => "---").join(" | ")} |`, ...rows.map(row), ""].join("\n");
    },
    TSV: (box) => lines(box).map((cells) => cells.map((one) => /^[=+@]/.test(one) && isNaN(one[1]) ? `'${one}` : one.replace(/\s+/g, " ")).join("\t")).join("\n"),
  };
  const offer = (box) => {
    if (box.querySelector(".copies")) return;
    const row = box.appendChild(Object.assign(document.createElement("p"), {className: "actions copies", textContent: "Copy as"}));
    for (const [name, write] of Object.entries(COPIES)) row.append(button(name, (made) => copy(write(box), made)));
  };
  document.querySelectorAll(".table").forEach((box) => { if (!box.closest("details:not([open])")) offer(box); });
  document.addEventListener("toggle", (event) => {
    if (event.target.open) event.target.querySelectorAll(".table").forEach(offer);
  }, true);

  // Tables.
  const ordered = (a, b) => {
    if (a === b) return 0;
    if (a === "") return 1;
    if (b === "") return -1;
    return isNaN(a) || isNaN(b) ? String(a).localeCompare(b) : a - b;
  };
  const read = (told) => {  // a number as shown
    const below = told.startsWith("<") ? 1e-6 : 0;  // a p just under what it is below
    const value = parseFloat(told.replace("−", "-").replace(/[+±,<]/g, "")) - below;
    return told === "–" ? "" : isNaN(value) ? told : value;
  };
  PAGE.sift = new Map();
  document.querySelectorAll(".table.sortable").forEach((box) => {
    const body = box.querySelector("tbody");
    const rows = [...body.rows];
    const heads = [...box.querySelectorAll("thead th")];
    heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((one) => one.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = ({cells: {[column]: {dataset, textContent}}}) => dataset.key ?? (head.classList.contains("n") ? read(textContent) : textContent);
      const last = (row) => key(row) === "";
      rows.sort((a, b) => last(a) || last(b) ? last(a) - last(b) : (down ? -1 : 1) * ordered(key(a), key(b)));
      body.append(...rows);
    }));
    const count = box.querySelector("output"), field = box.querySelector("input");
    const sift = () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      rows.forEach((row) => {
        const text = words.length ? row.textContent.toLowerCase() : "";
        row.hidden = "off" in row.dataset || !words.every((word) => text.includes(word));
        left += !row.hidden;
      });
      count.textContent = left === rows.length ? many(left, "row") : left ? `${whole(left)} of ${many(rows.length, "row")}` : "No row matches";
    };
    PAGE.sift.set(box.id, sift);
    field.addEventListener("input", sift);
  });
})();
