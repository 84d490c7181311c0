// The acts of the lesson: what each says, shows, and lets the reader change.
"use strict";

const LIVE = ["model", "window", "rate", "start", "own"];
const ACTS = [
  {
    id: "onehot",
    lesson: ({ words, data }) =>
      say().lessons.onehot({
        n: words.length,
        corpus: data.trainings[0].words.length,
        ...(words.includes("피자") && words.includes("like") && words.includes("love")
          ? { a: "love", b: "like", c: "피자" }
          : { a: words[0], b: words[1], c: words.at(-1) }),
      }),
    bench({ words }) {
      const text = say().tables;
      const ones = words.map((word, i) => [escaped(word), ...words.map((_, j) => Number(i === j))]);
      const head = words.map(escaped);
      return panel("half", text.vectors, tableOf([text.word, ...head], ones)) + panel("half", text.dots, tableOf(["·", ...head], ones));
    },
  },
  {
    id: "forward",
    time: "live",
    settings: LIVE,
    preset: { model: "CBOW", unit: "sub", epoch: 12, s: 0 },
    lesson: ({ words }) => say().lessons.forward({ n: words.length }),
  },
  {
    id: "loss",
    time: "live",
    settings: LIVE,
    preset: { unit: "sub", epoch: 12, s: 5 },
    lesson: ({ words }) => say().lessons.loss({ n: words.length, log: number(Math.log(words.length)) }),
    bench({ view, room, words }) {
      const p = view.values.probabilities[0][view.position.targets[0]];
      const even = 1 / words.length;
      const curve = curveFigure({
        width: room.narrow,
        height: 220,
        series: [{ points: Array.from({ length: 99 }, (_, i) => [(i + 1) / 100, -Math.log((i + 1) / 100)]), color: "var(--accent)" }],
        marks: [{ x: even, y: -Math.log(even), color: "var(--soft)" }, { x: p, y: -Math.log(p) }],
        x: [0, 1],
        y: [0, 5],
        line: { value: -Math.log(even), name: `log ${words.length} = ${number(Math.log(words.length))}` },
        xName: `P(${words[view.position.targets[0]]}) = ${number(p)}`,
        label: say().tables.logCurve,
      });
      const left = networkPanel(view, room) + matricesPanel(view, room);
      return sentencePanel(view) + columns(left, panel("", say().tables.logCurve, curve) + lossPanel(view, room));
    },
  },
  {
    id: "backward",
    time: "live",
    settings: LIVE,
    preset: { unit: "sub", epoch: 12, s: 6 },
    lesson: () => say().lessons.backward(),
  },
  {
    id: "epochs",
    time: "live",
    settings: LIVE,
    preset: { model: "CBOW", unit: "epoch", epoch: 0, s: 5 },
    lesson: ({ words }) => say().lessons.epochs({ lecture: words.includes("love") && words.includes("like") }),
  },
  {
    id: "part",
    time: "part",
    settings: ["model", "rate", "start", "own"],
    preset: { model: "CBOW", unit: "epoch", epoch: 0, s: 5 },
    title: ({ pair }) => say().actsShort.part(...pair),
    lesson: ({ pair }) => say().lessons.part({ a: pair[0], b: pair[1] }),
    bench: partBench,
  },
  {
    id: "skipgram",
    time: "live",
    settings: LIVE,
    preset: { model: "skip-gram", unit: "sub", epoch: 12, s: 0 },
    lesson: () => say().lessons.skipgram(),
    bench(context) {
      const { view, room, words } = context;
      const text = say().tables;
      const pairs = new Map(view.training.positions.map(({ center, targets }) => [`${center}>${targets}`, [center, targets]]));
      const rows = [...pairs.values()].map(([center, targets]) => [escaped(words[center]), targets.map((id) => escaped(words[id])).join(", ")]);
      return bench(view, room) + (view.settings.cbow ? "" : panel("", text.pairs, tableOf([text.center, text.targets], rows)));
    },
  },
  {
    id: "corpus",
    time: "recorded",
    settings: ["training"],
    preset: { e: 0 },
    title: ({ recorded }) => say().actsShort.corpus(recorded.documents),
    lesson: ({ recorded, data }) => say().lessons.corpus({ n: recorded.documents, version: data.version }),
    bench: recordedBench,
  },
  {
    id: "negative",
    time: "live",
    settings: LIVE,
    preset: { unit: "epoch", epoch: 12, s: 5 },
    isSilent: true,
    lesson: () => say().lessons.negative(),
    bench: negativeBench,
  },
  { id: "subsample", lesson: ({ data }) => say().lessons.subsample(data.trainings[0]), bench: subsampleBench },
  {
    id: "scale",
    lesson: ({ words }) => say().lessons.scale({ n: words.length, weights: 2 * words.length }),
    bench: scaleBench,
  },
  {
    id: "kl",
    time: "live",
    settings: LIVE,
    preset: { unit: "epoch", epoch: 30, s: 5, model: "CBOW" },
    lesson({ view }) {
      const q = fillersOf(view);
      const fillers = view.words.flatMap((word, i) => (q[i] ? [`${w(word)} (${number(q[i], 2)})`] : []));
      return say().lessons.kl({ blank: escaped(blankOf(view)), fillers: say().and(fillers) });
    },
    bench: klBench,
  },
];
