// Drawings as SVG, in pixels of the screen, so that their text has one size everywhere.
"use strict";

const FONT = 'system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", NanumBarunGothic, NanumGothic, sans-serif';
const pen = document.createElement("canvas").getContext("2d");
const colorOf = (i) => `var(--c${i % 7})`;

function widthOf(text, size = 13, weight = 400) {
  pen.font = `${weight} ${size}px ${FONT}`;
  return pen.measureText(text).width;
}

/** Cut a word that is wider than some pixels. */
function cut(text, room) {
  if (widthOf(text) <= room) return escaped(text);
  const letters = [...text];
  while (letters.length > 1 && widthOf(`${letters.join("")}…`) > room) letters.pop();
  return `${escaped(letters.join(""))}…`;
}

function svg(width, height, label, content) {
  return `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label.replace(/<.*?>/g, ""))}">${content}</svg>`;
}

const textAt = (x, y, text, rest = "") => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${rest}>${text}</text>`;

// ---- the plane -----------------------------------------------------------------------

function mark([x, y], i, hollow) {
  const r = hollow ? 4 : 5.5;
  const shapes = [
    `<circle cx="${x}" cy="${y}" r="${r}"`,
    `<rect x="${x - r * 0.9}" y="${y - r * 0.9}" width="${r * 1.8}" height="${r * 1.8}"`,
    `<path d="M${x} ${y - r * 1.15}L${x + r * 1.1} ${y + r * 0.8}H${x - r * 1.1}Z"`,
    `<path d="M${x} ${y - r * 1.25}L${x + r * 1.25} ${y}L${x} ${y + r * 1.25}L${x - r * 1.25} ${y}Z"`,
  ];
  const paint = hollow ? `fill="var(--panel)" stroke="${colorOf(i)}" stroke-width="1.5"` : `fill="${colorOf(i)}"`;
  return `${shapes[i % 4]} ${paint}/>`;
}

/** Return at most 150 points of a path, with its first and last one. */
const thinned = (path) => path.filter((_, i) => i % Math.ceil(path.length / 150) === 0 || i === path.length - 1);

/** Draw words in the plane: `paths` has a path for each word, which ends where it is. */
function planeFigure({ figure, width, height, words, paths, extent, label }) {
  const flat = (extent || paths).flat();
  const [xs, ys] = [flat.map((p) => p[0]), flat.map((p) => p[1])];
  const middle = [xs, ys].map((v) => (Math.min(...v) + Math.max(...v)) / 2);
  const span = [xs, ys].map((v) => Math.max(Math.max(...v) - Math.min(...v), 1e-9));
  const scale = Math.min((width - 90) / span[0], (height - 56) / span[1]);
  const toScreen = ([x, y]) => [width / 2 + (x - middle[0]) * scale, height / 2 - (y - middle[1]) * scale].map((v) => Math.round(v * 10) / 10);
  const [zeroX, zeroY] = toScreen([0, 0]);
  const unit = ticks(0, 400 / scale)[1] / 2;
  const bar = `M10 ${height - 10}h${(unit * scale).toFixed(1)}m0 -4v8M10 ${height - 14}v8`;
  const barText = String(Number(unit.toPrecision(2)));
  const drawn = paths.map((path) => path.map(toScreen));
  const now = drawn.map((path) => path.at(-1));
  const barBox = { x0: 0, x1: 24 + unit * scale + widthOf(barText), y0: height - 24, y1: height };
  const starts = drawn.map((path) => boxAt(...path[0], 9, 9));
  const boxes = placeLabels(figure, now, words, width, height, [barBox, ...starts]);
  const trails = drawn.map((path, i) =>
    path.length < 2 ? "" : `<polyline points="${thinned(path).join(" ")}" fill="none" stroke="${colorOf(i)}" stroke-opacity=".45" stroke-width="1.5"/>`,
  );
  const labels = boxes.map((box, i) => {
    const [x, y] = [(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2];
    const [px, py] = now[i];
    const edge = [Math.min(Math.max(px, box.x0), box.x1), Math.min(Math.max(py, box.y0), box.y1)];
    const leader = Math.hypot(edge[0] - px, edge[1] - py) > 16 ? `<path class="axis" d="M${px} ${py}L${edge}" style="stroke:var(--soft)"/>` : "";
    return leader + textAt(x, y + 4.5, escaped(words[i]), `class="label" text-anchor="middle" style="fill:${colorOf(i)};font-weight:600"`);
  });
  const axes = `<path class="axis" d="M0 ${zeroY}H${width}M${zeroX} 0V${height}"/>`;
  const inside = zeroX > 0 && zeroX < width && zeroY > 0 && zeroY < height;
  const content =
    (inside ? axes : "") +
    `<path d="${bar}" stroke="var(--soft)" fill="none"/>` + textAt(14 + unit * scale, height - 6, barText, 'class="soft small"') +
    trails.join("") + drawn.map((path, i) => mark(path[0], i, true)).join("") +
    now.map((point, i) => mark(point, i, false)).join("") + labels.join("");
  return svg(width, height, label, content);
}

// ---- curves --------------------------------------------------------------------------

function ticks(low, high) {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = [1, 2, 5, 10].map((m) => m * power).find((value) => value >= rough);
  const found = [];
  for (let i = Math.ceil(low / size - 1e-9); i * size <= high + 1e-9; i++) found.push(i * size);
  return found.map((value) => Number(value.toFixed(6)));
}

/** Draw curves: `series` of {points, color, dash, ends}; `marks` of {x, y}. */
function curveFigure({ width, height, series, marks = [], x, y, line, xName, label }) {
  const [left, right, top, bottom] = [40, 12, 10, 36];
  const toX = (value) => left + ((value - x[0]) / (x[1] - x[0])) * (width - left - right);
  const toY = (value) => height - bottom - ((value - y[0]) / (y[1] - y[0])) * (height - top - bottom);
  const yTicks = ticks(...y).map((value) =>
    `<path class="axis" d="M${left} ${toY(value).toFixed(1)}H${width - right}"/>` + textAt(left - 6, toY(value) + 4, value, 'class="soft small" text-anchor="end"'),
  );
  const xTicks = ticks(...x).map((value) => textAt(toX(value), height - bottom + 16, value, 'class="soft small" text-anchor="middle"'));
  const paths = series.map(({ points, color, dash }) => {
    const d = points.map(([px, py]) => `${toX(px).toFixed(1)} ${toY(Math.min(py, y[1])).toFixed(1)}`).join("L");
    return points.length ? `<path d="M${d}" fill="none" stroke="${color}" stroke-width="2" ${dash ? `stroke-dasharray="${dash}"` : ""}/>` : "";
  });
  const floor = line
    ? `<path d="M${left} ${toY(line.value).toFixed(1)}H${width - right}" stroke="var(--ink)" stroke-dasharray="6 4"/>` +
      textAt(width - right, toY(line.value) + (toY(line.value) > height - bottom - 20 ? -6 : 16), escaped(line.name), 'class="small" text-anchor="end"')
    : "";
  const dots = marks.map((m) => `<circle cx="${toX(m.x).toFixed(1)}" cy="${toY(Math.min(m.y, y[1])).toFixed(1)}" r="4.5" fill="${m.color || "var(--accent)"}"/>`);
  const name = textAt((left + width - right) / 2, height - 4, escaped(xName), 'class="soft small" text-anchor="middle"');
  return svg(width, height, label, [...yTicks, ...xTicks, ...paths, floor, ...dots, name].join(""));
}

// ---- the network ---------------------------------------------------------------------

/** Draw the network; what `shown` doesn't name yet is left out. */
function networkFigure({ width, words, W_in, W_out, values, shown, target, names, label }) {
  const n = words.length;
  const row = n > 8 ? 32 : 42;
  const top = 30;
  const height = top + n * row + 30;
  const longest = Math.max(...words.map((word) => widthOf(word, 13, 600))) + 4;
  const narrow = width < 440 + 2 * Math.min(longest, 90);
  const wordRoom = Math.min(longest, width < 400 ? 54 : 90);
  const inX = wordRoom + 24;
  const columns = narrow ? [84] : [48, 78, 118];
  const outX = width - total(columns) - wordRoom - 30;
  const midX = (inX + outX) / 2;
  const y = (i) => top + i * row + row / 2;
  const midY = [0, 1].map((j) => top + n * row * (n > 4 ? 0.36 + 0.28 * j : 0.27 + 0.46 * j));
  const largest = Math.max(1e-9, ...W_in.flat().map(Math.abs), ...W_out.flat().map(Math.abs));
  const edge = (x1, y1, x2, y2, weight, active) => {
    const sign = weight < 0 ? "minus" : "plus";
    const thickness = 0.6 + (5 * Math.abs(weight)) / largest;
    return `<path class="edge ${sign}" d="M${x1} ${y1}L${x2} ${y2}" stroke-width="${thickness.toFixed(2)}" stroke-opacity="${active ? 0.85 : 0.22}" ${weight < 0 ? 'stroke-dasharray="7 4"' : ""}/>`;
  };
  const x = values.input[0];
  const parts = [];
  for (let j = 0; j < 2; j++) {
    words.forEach((_, i) => parts.push(edge(inX + 14, y(i), midX - 22, midY[j], W_in[i][j], shown.input && x[i] > 0)));
    words.forEach((_, i) => parts.push(edge(midX + 22, midY[j], outX - 8, y(i), W_out[i][j], shown.logits)));
  }
  const node = (cx, cy, r, text, on) =>
    `<circle cx="${cx}" cy="${cy}" r="${r}" fill="${on ? "var(--wash)" : "var(--panel)"}" stroke="${on ? "var(--accent)" : "var(--soft)"}" stroke-width="${on ? 2 : 1}"/>` +
    (text ? textAt(cx, cy + 4, text, 'text-anchor="middle" class="small"') : "");
  const short = (value) => number(value, 2);
  words.forEach((word, i) => {
    const on = shown.input && x[i] > 0;
    parts.push(node(inX, y(i), 14, shown.input ? String(Number(x[i].toFixed(2))).replace("0.", ".") : "", on));
    parts.push(textAt(inX - 20, y(i) + 4.5, cut(word, wordRoom), `text-anchor="end" class="${on ? "strong" : ""}"`));
    const isTarget = shown.target && target[i] > 0;
    parts.push(node(outX, y(i), 8, "", isTarget));
    parts.push(textAt(outX + 14, y(i) + 4.5, cut(word, wordRoom), `class="${isTarget ? "strong" : ""}"`));
  });
  midY.forEach((cy, j) => parts.push(node(midX, cy, 22, shown.hidden ? short(values.hidden[0][j]) : "", shown.hidden)));
  parts.push(outputColumns(outX + 20 + wordRoom, columns, { y, words, values, shown, target, narrow, short }));
  const [input, hidden] = midX - inX < 76 ? ["X", "H"] : [names.input, names.hidden];
  parts.push(textAt(inX, 14, input, 'text-anchor="middle" class="soft small"'));
  parts.push(textAt(midX, 14, hidden, 'text-anchor="middle" class="soft small"'));
  return svg(width, height, label, parts.join(""));
}

/** Draw what stands behind the output nodes; without room, only what came last. */
function outputColumns(x, columns, { y, words, values, shown, target, narrow, short }) {
  const ends = columns.map((_, i) => x + total(columns.slice(0, i + 1)));
  const [S, P, G] = [values.logits[0], values.probabilities[0], values.logits_gradient[0]];
  const right = (end, cy, text, rest = "") => textAt(end, cy, text, `text-anchor="end" ${rest}`);
  const head = (end, text) => right(end, 14, text, 'class="soft small"');
  const parts = [];
  const bar = (end, room, i) => {
    const length = Math.max(1, (room - 42) * P[i]);
    const start = end - room + 6;
    return `<rect class="bar ${shown.target && target[i] ? "" : "idle"}" x="${start}" y="${y(i) - 8}" width="${length.toFixed(1)}" height="16" rx="2" style="stroke:var(--soft)"/>` + right(end, y(i) + 4.5, short(P[i]));
  };
  const gradient = (end, i) => right(end, y(i) + 4.5, `${G[i] < 0 ? "▲ " : "▼ +"}${short(G[i])}`, `class="${target[i] ? "strong" : ""}"`);
  const last = columns.length - 1;
  if (shown.logits && !(narrow && shown.probabilities)) {
    parts.push(head(ends[0], "S"));
    words.forEach((_, i) => parts.push(right(ends[0], y(i) + 4.5, short(S[i]))));
  }
  if (shown.probabilities && !(narrow && shown.gradient)) {
    if (!narrow && !shown.gradient) {
      parts.push(head(ends[1], "exp(S)"));
      words.forEach((_, i) => parts.push(right(ends[1], y(i) + 4.5, short(Math.exp(S[i])))));
    }
    parts.push(head(ends[last], "P"));
    words.forEach((_, i) => parts.push(bar(ends[last], columns[last], i)));
  }
  // The sum of each column, of which softmax makes 1.
  const sum = (end, text) => right(end, y(words.length - 1) + 36, `Σ ${text}`, 'class="soft"');
  if (shown.probabilities) {
    if (!narrow && !shown.gradient) parts.push(sum(ends[1], short(total(S.map(Math.exp)))));
    if (!(narrow && shown.gradient)) parts.push(sum(ends[last], short(total(P))));
  }
  if (shown.gradient) {
    const at = Math.min(1, last);
    parts.push(head(ends[at], total(target) > 1 ? `${total(target)}P−T` : "P−T"));
    words.forEach((_, i) => parts.push(gradient(ends[at], i)));
  }
  return parts.join("");
}

// ---- bars ----------------------------------------------------------------------------

/** Draw horizontal bars: `rows` of {name, value, text, solid}; values are shares of 1. */
function barsFigure({ width, rows, label }) {
  const nameRoom = Math.min(Math.max(...rows.map((row) => widthOf(row.name))) + 10, width * 0.45);
  const textRoom = Math.max(...rows.map((row) => widthOf(row.text))) + 12;
  const content = rows.map((row, i) => {
    const y = i * 24 + 4;
    const length = Math.max(1, row.value * (width - nameRoom - textRoom));
    return (
      textAt(nameRoom - 8, y + 13, cut(row.name, nameRoom - 8), 'text-anchor="end"') +
      `<rect class="bar ${row.solid ? "" : "idle"}" x="${nameRoom}" y="${y}" width="${length.toFixed(1)}" height="17" rx="2" style="stroke:var(--soft)"/>` +
      textAt(nameRoom + length + 6, y + 13, row.text)
    );
  });
  return svg(width, rows.length * 24 + 6, label, content.join(""));
}
