// The panels of the bench: one training, at one moment.
"use strict";

const STAGES = ["window", "input", "hidden", "logits", "softmax", "loss", "gradient", "output", "embeddings"];
const LAST = STAGES.length - 1;

const panel = (size, title, content) => `<section class="panel ${size}"><h2>${title}</h2>${content}</section>`;

/** A training at one moment: after `k` steps, at stage `s` of the next one. */
class View {
  constructor(training, words, sentences, settings, k, s) {
    Object.assign(this, { training, words, sentences, settings, k, s });
    const { positions, embeddings, output } = training;
    this.nPositions = positions.length;
    this.position = positions[k % positions.length];
    this.W_in = embeddings[k];
    this.W_out = output[k];
    const { X, T } = rowsOf(this.position, words.length);
    this.values = step(X, T, this.W_in, this.W_out, settings.rate);
    this.epoch = Math.floor(k / positions.length);
    this.W_in_now = s === LAST ? this.values.embeddings_after : this.W_in;
    this.W_out_now = s >= LAST - 1 ? this.values.output_after : this.W_out;
    this.path = embeddings.slice(0, k + 1);
    if (s === LAST) this.path = [...this.path, this.W_in_now];
  }

  /** Return the path of each word in the plane. */
  get paths() {
    return this.words.map((_, i) => this.path.map((matrix) => matrix[i]));
  }

  /** Return where the words are in the whole training, so that the scale doesn't change. */
  get extent() {
    return [this.training.embeddings.flat()];
  }

  listed(ids) {
    return say().and([...new Set(ids)].map((id) => w(this.words[id])));
  }
}

/** Return the pairs of words whose distances are shown. */
function pairsOf(words) {
  const lecture = [["love", "like"], ["I", "피자"], ["love", "피자"]];
  const known = lecture.filter((pair) => pair.every((word) => words.includes(word)));
  const own = [[0, 1], [0, 2], [1, 2]].filter(([, j]) => j < words.length).map((pair) => pair.map((i) => words[i]));
  return known.length ? known : own;
}

function distanceTable(words, start, now) {
  const text = say().panels;
  const rows = pairsOf(words).map(([a, b]) => {
    const [i, j] = [words.indexOf(a), words.indexOf(b)];
    return `<tr data-pair="${escaped(a)}–${escaped(b)}"><th scope="row">${escaped(a)}–${escaped(b)}</th><td>${number(distance(start[i], start[j]))}</td><td>${number(distance(now[i], now[j]))}</td></tr>`;
  });
  return `<div class="scroll"><table><thead><tr><th class="left">${text.distance}</th><th>${text.start}</th><th>${text.now}</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function sentencePanel(view) {
  const text = say().panels;
  const { position } = view;
  const lines = view.sentences.map((ids, sentence) => {
    const here = sentence === position.sentence;
    const tokens = ids.map((id, place) => {
      const away = Math.abs(place - position.place);
      const role = !here || away > view.settings.window ? "" : away ? "context" : "center";
      return `<span class="token ${role}">${escaped(view.words[id])}<small>${role && text[role]}</small></span>`;
    });
    return `<div class="sentence ${here ? "" : "idle"}">${tokens.join("")}</div>`;
  });
  return panel("", text.sentence, `<div class="sentences">${lines.join("")}</div>`);
}

function networkPanel(view, room) {
  const text = say().panels;
  const { s } = view;
  const figure = networkFigure({
    width: room.wide,
    words: view.words,
    W_in: view.W_in_now,
    W_out: view.W_out_now,
    values: view.values,
    target: view.values.targets[0],
    shown: { input: s >= 1, hidden: s >= 2, logits: s >= 3, probabilities: s >= 4, target: s >= 4, gradient: s >= 6 },
    names: text,
    label: `${text.network}: ${view.words.length}, 2, ${view.words.length}`,
  });
  return panel("", text.network, `${figure}<p class="note">${text.legend}</p>`);
}

function planePanel(view, room) {
  const text = say().panels;
  const figure = planeFigure({
    figure: "plane",
    width: room.narrow,
    height: Math.min(340, Math.max(260, room.narrow * 0.8)),
    words: view.words,
    paths: view.paths,
    extent: view.extent,
    label: text.plane,
  });
  const distances = distanceTable(view.words, view.training.embeddings[0], view.W_in_now);
  return panel("", text.plane, `${figure}<p class="note">${text.marks}</p>${distances}`);
}

function changed(value, before) {
  const change = value - before;
  if (change === 0) return "<td class='change'></td>";
  const sign = change > 0 ? "plus" : "minus";
  return `<td class="change ${sign}">${change > 0 ? "▲ +" : "▼ "}${number(change)}</td>`;
}

function matrixTable(name, words, now, before, active, room) {
  const rows = now.map((row, i) => {
    const cells = row.map((value, j) => `<td>${number(value)}</td>${changed(value, before[i][j])}`);
    return `<tr class="${active.has(i) ? "active" : ""}"><th scope="row" title="${escaped(words[i])}">${cut(words[i], room)}</th>${cells.join("")}</tr>`;
  });
  const head = now[0].map((_, j) => `<th>${j + 1}</th><th>${say().panels.change}</th>`);
  return `<div class="scroll"><table><thead><tr><th class="left">${name}</th>${head.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function matricesPanel(view, room) {
  const { training, k, s, nPositions, settings } = view;
  // Between the steps, the change is that of the last epoch if time goes by epochs.
  const since = settings.unit === "epoch" && s < LAST - 1 ? Math.max(k - nPositions, 0) : k;
  const wordRoom = room.wide < 400 ? 50 : 120;
  const tables = [
    matrixTable("W<sub>in</sub>", view.words, view.W_in_now, training.embeddings[since], new Set(s >= 1 ? view.position.inputs : []), wordRoom),
    matrixTable("W<sub>out</sub>", view.words, view.W_out_now, training.output[since], new Set(s >= 4 ? view.position.targets : []), wordRoom),
  ];
  return panel("", say().panels.matrices, `<div class="tables">${tables.join("")}</div>`);
}

function lossCurve(losses, epoch, nEpochs, floor, width, height = 220) {
  const text = say().panels;
  const low = floor === null ? Math.min(...losses) : floor;
  const high = Math.max(...losses, low + 0.1);
  const margin = (high - low) * 0.3;
  const points = losses.slice(0, epoch).map((loss, i) => [i + 1, loss]);
  return curveFigure({
    width,
    height,
    series: [
      { points: losses.map((loss, i) => [i + 1, loss]), color: "var(--rule)" },
      { points, color: "var(--accent)" },
    ],
    marks: points.slice(-1).map(([px, py]) => ({ x: px, y: py })),
    x: [0, nEpochs],
    y: [Math.max(0, low - margin), high + margin * 0.2],
    line: floor === null ? null : { value: floor, name: `${text.floor} ${number(floor)}` },
    xName: text.epoch,
    label: `${text.loss}, ${text.nats}`,
  });
}

function lossPanel(view, room) {
  const { means, floor } = view.training;
  const curve = lossCurve(means, view.epoch, view.settings.epochs, floor, room.narrow);
  return panel("", `${say().panels.loss} <span class="note">(${say().panels.nats})</span>`, curve);
}

const columns = (left, right) => `<div class="column wide">${left}</div><div class="column narrow">${right}</div>`;

/** Return the whole bench. */
function bench(view, room) {
  const left = networkPanel(view, room) + matricesPanel(view, room);
  return sentencePanel(view) + columns(left, planePanel(view, room) + lossPanel(view, room));
}

/** Return one sentence about what happens at this moment. */
function narration(view) {
  const text = say().narration;
  const { values, position, words, s, k, settings, training, nPositions } = view;
  const start = training.embeddings[0];
  const distances = pairsOf(words)
    .map(([a, b]) => text.apart(a, b, number(distance(...[a, b].map((word) => view.W_in_now[words.indexOf(word)])))))
    .join(", ");
  if (training.diverged && k === training.losses.length) return text.diverged;
  if (settings.unit === "epoch" && s < LAST && (!k || view.epoch)) {
    if (!k) return text.first({ n: words.length, log: number(Math.log(words.length)), distances, start });
    return text.epoch({ epoch: view.epoch, epochs: settings.epochs, mean: number(training.means[view.epoch - 1]), floor: number(training.floor), distances });
  }
  const [P, S, G, T] = ["probabilities", "logits", "logits_gradient", "targets"].map((name) => values[name][0]);
  const target = position.targets[0];
  const others = G.map((g, i) => (T[i] ? -Infinity : g));
  const rival = others.indexOf(Math.max(...others));
  const terms = position.targets.map((id) => `−log ${number(P[id])}`).join(" ");
  const X = values.input;
  const after = step(X, values.targets, values.embeddings_after, values.output_after, settings.rate);
  return text[STAGES[s]]({
    cbow: settings.cbow,
    window: settings.window,
    rate: settings.rate,
    center: words[position.center],
    contexts: view.listed(position.contexts),
    inputs: view.listed(position.inputs),
    nInputs: position.inputs.length,
    hidden: vector(values.hidden[0]),
    best: words[S.indexOf(Math.max(...S))],
    bestLogit: number(Math.max(...S)),
    sum: number(total(S.map(Math.exp))),
    target: words[target],
    p: number(P[target]),
    terms,
    loss: number(values.cross_entropy),
    after: number(after.cross_entropy),
    n: position.targets.length,
    g: number(G[target]),
    rival: words[Math.max(rival, 0)],
    gRival: number(G[Math.max(rival, 0)]),
  });
}
