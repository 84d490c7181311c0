// The benches of acts that show more than one training at one moment.
"use strict";

const NEGATIVE = 5; // noise words of a target

const cell = (text, rest = "") => `<td ${rest}>${text}</td>`;
const tableOf = (head, rows) =>
  `<div class="scroll"><table><thead><tr>${head.map((text, i) => `<th ${i ? "" : 'class="left"'}>${text}</th>`).join("")}</tr></thead><tbody>${rows
    .map(([first, ...rest]) => `<tr><th scope="row" class="left">${first}</th>${rest.map((text) => cell(text)).join("")}</tr>`)
    .join("")}</tbody></table></div>`;
const choice = (id, value, text, isChosen) =>
  `<button type="button" id="${id}-${value}" data-set="${id}" data-value="${value}" aria-pressed="${isChosen}">${text}</button>`;

/** Return the distribution of the words that the text puts in the blank of a position. */
function fillersOf(view) {
  const { position, training, words } = view;
  const key = [...position.inputs].sort((a, b) => a - b).join();
  const counts = targetsByInput(training.positions).get(key);
  return words.map((_, id) => (counts.get(id) || 0) / total([...counts.values()]));
}

function blankOf(view) {
  const { position, sentences, words, settings } = view;
  if (!settings.cbow) return `${words[position.center]} → _`;
  return sentences[position.sentence]
    .map((id, place) => [place - position.place, id])
    .filter(([away]) => Math.abs(away) <= settings.window)
    .map(([away, id]) => (away ? words[id] : "_"))
    .join(" ");
}

// ---- "Will they part?" ---------------------------------------------------------------

function outcomeOf(from, to) {
  if (to > from * 1.15) return "part";
  return to < from * 0.85 ? "meet" : "keep";
}

function contextsOf(training, id) {
  return [...new Set(training.positions.filter((p) => p.center === id).flatMap((p) => p.contexts))].sort((a, b) => a - b);
}

/** Return why two words of a training end as they do. */
function reasonOf(training, ids, cbow) {
  const text = say().part;
  const [a, b] = ids.map((id) => contextsOf(training, id));
  const isMutual = a.includes(ids[1]) && b.includes(ids[0]) && !a.includes(ids[0]) && !b.includes(ids[1]);
  if (String(a) !== String(b)) return `${text.differ}${isMutual ? ` ${text.mutual}` : ""}`;
  const together = training.positions.every(({ inputs }) => ids.every((id) => inputs.includes(id)) || !ids.some((id) => inputs.includes(id)));
  return cbow && together ? text.together : cbow ? "" : text.same;
}

function partBench(context) {
  const { state, pair, words, room, trainingWith, epoch, settings } = context;
  const text = say().part;
  const ids = pair.map((word) => words.indexOf(word));
  const trainings = [1, 2].map((window) => trainingWith({ window }));
  const isOpen = state.seen;
  const questions = trainings.map((_, i) => {
    const name = `guess${i + 1}`;
    const answers = Object.entries(text.answers).map(([value, answer]) => choice(name, value, answer, state[name] === value));
    return `<p id="${name}-name">${text.question(i + 1)}</p><div class="choices" role="group" aria-labelledby="${name}-name">${answers.join("")}</div>`;
  });
  const ready = state.guess1 && state.guess2;
  const show = `<div class="choices"><button type="button" id="seen-yes" class="main" data-set="seen" data-value="yes" ${ready ? "" : "disabled"}>${text.show}</button></div>${ready ? "" : `<p class="note">${text.first}</p>`}`;
  const everything = trainings.map((training) => training.embeddings.flat());
  const panels = trainings.map((training, i) => {
    const k = isOpen ? Math.min(epoch * training.positions.length, training.losses.length) : 0;
    const path = training.embeddings.slice(0, k + 1);
    const figure = planeFigure({
      figure: `part${i}`,
      width: room.half,
      height: Math.min(360, room.half * 0.85),
      words,
      paths: words.map((_, id) => path.map((matrix) => matrix[id])),
      extent: isOpen ? everything : everything.map((points) => points.slice(0, words.length)),
      label: text.window(i + 1),
    });
    const lists = ids.map((id, j) => text.shared(pair[j], contextsOf(training, id).map((other) => escaped(words[other])).join(", ")));
    const [from, to] = [0, -1].map((at) => training.embeddings.at(at)).map((matrix) => distance(matrix[ids[0]], matrix[ids[1]]));
    const outcome = outcomeOf(from, to);
    const verdict = state[`guess${i + 1}`] === outcome ? text.right : text.wrong;
    const answer = `<p class="outcome" data-from="${from}" data-to="${to}"><b>${text.outcome[outcome](number(from), number(to))}</b> ${verdict}</p><p>${reasonOf(training, ids, settings.cbow)}</p>`;
    return panel("half", text.window(i + 1), `${figure}<p>${lists.join(" ")}</p>${isOpen ? answer : ""}`);
  });
  if (!isOpen) return panel("", say().actsShort.part(...pair), questions.join("") + show) + panels.join("");
  return panels.join("") + distanceChart(trainings, ids, context);
}

function distanceChart(trainings, ids, { room, epoch, settings }) {
  const text = say().part;
  const curves = trainings.map(({ embeddings, positions }) =>
    embeddings.filter((_, k) => k % positions.length === 0).map((matrix, e) => [e, distance(matrix[ids[0]], matrix[ids[1]])]),
  );
  const highest = Math.max(...curves.flat().map((point) => point[1]));
  const figure = curveFigure({
    width: room.full,
    height: 220,
    series: [
      { points: curves[0].slice(0, epoch + 1), color: "var(--c0)" },
      { points: curves[1].slice(0, epoch + 1), color: "var(--c1)", dash: "7 4" },
    ],
    x: [0, settings.epochs],
    y: [0, highest * 1.05],
    xName: say().panels.epoch,
    label: text.chart,
  });
  const legend = `<p class="note"><span style="color:var(--c0)">━━</span> ${text.window(1)} &nbsp; <span style="color:var(--c1)">╍╍</span> ${text.window(2)}</p>`;
  return panel("", text.chart, figure + legend);
}

// ---- recorded trainings --------------------------------------------------------------

function recordedBench({ recorded, state, room }) {
  const text = say().panels;
  const path = recorded.points.slice(0, state.e + 1);
  const figure = planeFigure({
    figure: "recorded",
    width: room.wide,
    height: Math.max(420, Math.min(520, room.wide * 0.8)),
    words: recorded.words,
    paths: recorded.words.map((_, i) => path.map((points) => points[i])),
    extent: recorded.points,
    label: text.plane,
  });
  const share = recorded.explained === null ? "" : ` ${say().inPlane(recorded.explained)}`;
  const distances = distanceTable(recorded.words, recorded.points[0], path.at(-1));
  const curve = lossCurve(recorded.losses, state.e, recorded.losses.length, recorded.floor, room.narrow);
  return (
    panel("wide", text.plane, `${figure}<p class="note">${text.marks}${share}</p>`) +
    panel("narrow", `${text.loss} <span class="note">(${text.nats})</span>`, curve + distances)
  );
}

// ---- negative sampling, subsampling, scale -------------------------------------------

function negativeBench({ view, words, sentences, state, room }) {
  const text = say().tables;
  const counts = words.map((_, id) => total(sentences.map((ids) => ids.filter((other) => other === id).length)));
  const p = noiseProbability(counts, state.exponent);
  const target = view.position.targets[0];
  const scores = view.values.logits[0];
  const rows = [[target, true], ...words.map((_, id) => [id, false])];
  const terms = logistic(
    rows.map(([id]) => scores[id]),
    rows.map(([, isSeen]) => isSeen),
    rows.map(([id, isSeen]) => (isSeen ? 1 : NEGATIVE * p[id])),
  );
  const columns = [
    [text.word, (id, isSeen) => `${escaped(words[id])} <span class="note">${isSeen ? text.seen : text.isNoise}</span>`, say().panels.sum],
    [text.count, (id, isSeen) => (isSeen ? "" : counts[id])],
    [text.noise, (id, isSeen) => (isSeen ? "" : number(p[id]))],
    [text.weight, (id, isSeen) => number(isSeen ? 1 : NEGATIVE * p[id])],
    [text.score, (id) => number(scores[id])],
    [text.sigmoid, (id) => number(1 / (1 + Math.exp(-scores[id])))],
    [text.loss, (id, isSeen, i) => number(terms[i].loss), `<b>${number(total(terms.map((term) => term.loss)))}</b>`],
    [text.gradient, (id, isSeen, i) => number(terms[i].gradient)],
  ].filter(([name]) => room.full > 500 || ![text.count, text.noise, text.sigmoid].includes(name));
  const head = columns.map(([name]) => name);
  const cells = rows.map(([id, isSeen], i) => columns.map(([, write]) => write(id, isSeen, i)));
  cells.push(columns.map(([, , sum = ""]) => sum));
  const exponents = [0, 0.75, 1].map((value) => choice("exponent", value, value, state.exponent === value));
  const choices = `<p id="exponent-name">${text.exponent}</p><div class="choices" role="group" aria-labelledby="exponent-name">${exponents.join("")}</div>`;
  return sentencePanel(view) + panel("", say().actsShort.negative, choices + tableOf(head, cells)) + noiseBars(text, state, room);
}

/** Draw the noise probabilities of the recorded corpus. */
function noiseBars(text, state, room) {
  const { words, counts } = DATA.trainings[0];
  const p = noiseProbability(counts, state.exponent);
  const largest = Math.max(...p);
  const rows = words.slice(0, 12).map((word, i) => ({ name: `${word} (${counts[i]})`, value: p[i] / largest, text: number(p[i], 4), solid: true }));
  return panel("", `${text.noise}: ${text.corpus}`, barsFigure({ width: room.full, rows, label: text.noise }));
}

function subsampleBench({ state, data }) {
  const text = say().tables;
  const { words, counts } = data.trainings[0];
  const keep = keepProbability(counts, state.threshold);
  const row = (name, share, kept) => [name, `${number(share * 100, share < 0.001 ? 3 : 2)} %`, number(kept), Math.round(1000 * kept)];
  const usual = [0.05, 0.01, 0.001, 0.0001].map((share) => {
    const ratio = state.threshold / share;
    return row(text.usual(`${share * 100} %`), share, Math.min(1, Math.sqrt(ratio) + ratio));
  });
  const own = words.slice(0, 12).map((word, i) => row(escaped(word), counts[i] / total(counts), keep[i]));
  const head = [text.word, text.share, text.keep, text.left];
  const thresholds = [0.001, 0.01, 0.1].map((value) => choice("threshold", value, value, state.threshold === value));
  const choices = `<p id="threshold-name">${text.threshold}</p><div class="choices" role="group" aria-labelledby="threshold-name">${thresholds.join("")}</div>`;
  return panel("", say().actsShort.subsample, choices) + panel("half", text.usualWords, tableOf(head, usual)) + panel("half", text.corpus, tableOf(head, own));
}

function scaleBench({ words, data, room }) {
  const text = say().tables;
  const plain = (value) => value.toLocaleString("en-US");
  const sizes = [
    [text.thisPage, words.length, 2],
    [text.corpus, data.trainings[0].words.length, data.trainings[0].components],
    [text.usualNetwork, 50000, 300],
  ];
  const rows = [
    [text.words, ...sizes.map(([, n]) => plain(n))],
    [text.components, ...sizes.map(([, , d]) => plain(d))],
    [text.weights, ...sizes.map(([, n, d]) => plain(n * d))],
    [text.perStep, ...sizes.map(([, n]) => plain(n))],
    [text.perStepNegative, ...sizes.map(() => 1 + NEGATIVE)],
  ];
  const head = [text.network, ...sizes.map(([name]) => name)];
  const bars = sizes.map(([name, n, d]) => ({ name, value: Math.log10(n * d) / Math.log10(15e6), text: plain(n * d), solid: true }));
  return panel("", say().actsShort.scale, tableOf(head, rows)) + panel("", text.logarithmic, barsFigure({ width: room.full, rows: bars, label: text.logarithmic }));
}

// ---- KL divergence -------------------------------------------------------------------

function klBench({ view, room }) {
  const text = say().tables;
  const q = fillersOf(view);
  const P = view.values.probabilities[0];
  const crossEntropy = -total(q.map((value, i) => (value ? value * Math.log(P[i]) : 0)));
  const rows = view.words.flatMap((word, i) => [
    { name: `${word} · ${text.text}`, value: q[i], text: number(q[i]), solid: false },
    { name: `${word} · ${text.model}`, value: P[i], text: number(P[i]), solid: true },
  ]);
  const sums = [[text.crossEntropy, number(crossEntropy, 4)], [`− ${text.entropy}`, number(entropy(q), 4)], [`= ${text.kl}`, `<b>${number(crossEntropy - entropy(q), 4)}</b>`]];
  const left = panel("", `${text.blank}: ${escaped(blankOf(view))}`, barsFigure({ width: room.wide, rows, label: text.blank }) + tableOf(["", say().panels.nats], sums));
  return columns(left, lossPanel(view, room));
}
