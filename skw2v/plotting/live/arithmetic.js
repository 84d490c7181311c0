// The arithmetic of skw2v's `explain`, in plain loops. Nothing here draws anything.
"use strict";

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const total = (values) => values.reduce((sum, value) => sum + value, 0);
const zeros = (n, k) => Array.from({ length: n }, () => new Array(k).fill(0));
const distance = (a, b) => Math.hypot(...a.map((value, i) => value - b[i]));

/** Return `A @ B`. */
function product(A, B) {
  return A.map((row) => B[0].map((_, j) => row.reduce((sum, a, i) => sum + a * B[i][j], 0)));
}

const transposed = (A) => A[0].map((_, j) => A.map((row) => row[j]));
const moved = (A, B, rate) => A.map((row, i) => row.map((a, j) => a - rate * B[i][j]));

/** Return the logarithm of the sum of exponentials, which can't overflow. */
function logSumExp(values) {
  const largest = Math.max(...values);
  return largest + Math.log(total(values.map((value) => Math.exp(value - largest))));
}

/** One training step: the formulas of skw2v/explanation.py, under the same names. */
function step(X, T, W_in, W_out, rate) {
  const H = product(X, W_in);
  const S = product(H, transposed(W_out));
  const log_P = S.map((row) => row.map((value) => value - logSumExp(row)));
  const P = log_P.map((row) => row.map(Math.exp));
  const G = P.map((row, i) => row.map((p, j) => total(T[i]) * p - T[i][j]));
  const output_gradient = product(transposed(G), H);
  const embeddings_gradient = product(transposed(X), product(G, W_out));
  return {
    input: X,
    targets: T,
    hidden: H,
    logits: S,
    probabilities: P,
    cross_entropy: -total(T.map((row, i) => dot(row, log_P[i]))),
    logits_gradient: G,
    output_gradient,
    embeddings_gradient,
    output_after: moved(W_out, output_gradient, rate),
    embeddings_after: moved(W_in, embeddings_gradient, rate),
  };
}

/** Return the input and target words of each position that has contexts. */
function positionsOf(sentences, window, cbow) {
  const positions = [];
  sentences.forEach((ids, sentence) =>
    ids.forEach((center, place) => {
      const before = ids.slice(Math.max(place - window, 0), place);
      const contexts = [...before, ...ids.slice(place + 1, place + window + 1)];
      if (!contexts.length) return;
      const [inputs, targets] = cbow ? [contexts, [center]] : [[center], contexts];
      positions.push({ sentence, place, center, contexts, inputs, targets });
    }),
  );
  return positions;
}

/** Return the rows `X` and `T` of a position. */
function rowsOf(position, nWords) {
  const [x, t] = zeros(2, nWords);
  for (const id of position.inputs) x[id] += 1 / position.inputs.length;
  for (const id of position.targets) t[id] += 1;
  return { X: [x], T: [t] };
}

/** Train, one position after another; a training that diverges ends early. */
function train({ sentences, nWords, start, cbow, window, rate, epochs }) {
  const positions = positionsOf(sentences, window, cbow);
  const embeddings = [start.slice(0, nWords)];
  const output = [zeros(nWords, start[0].length)];
  const losses = [];
  const nSteps = epochs * positions.length;
  while (losses.length < nSteps) {
    const k = losses.length;
    const { X, T } = rowsOf(positions[k % positions.length], nWords);
    const values = step(X, T, embeddings[k], output[k], rate);
    if (!(values.cross_entropy < 100)) break;
    losses.push(values.cross_entropy);
    embeddings.push(values.embeddings_after);
    output.push(values.output_after);
  }
  const n = positions.length;
  const nPairs = total(positions.map((position) => position.targets.length));
  const means = [];
  for (let k = n; k <= losses.length; k += n) means.push(total(losses.slice(k - n, k)) / nPairs);
  const diverged = losses.length < nSteps;
  const floor = entropyFloor(positions);
  return { positions, embeddings, output, losses, means, floor, diverged };
}

/** Return the entropy of a distribution, in nats. */
const entropy = (q) => -total(q.map((p) => (p > 0 ? p * Math.log(p) : 0)));

/** Return how the targets of each input are distributed: the input's key to counts. */
function targetsByInput(positions) {
  const seen = new Map();
  for (const { inputs, targets } of positions) {
    const key = [...inputs].sort((a, b) => a - b).join();
    if (!seen.has(key)) seen.set(key, new Map());
    const counts = seen.get(key);
    for (const id of targets) counts.set(id, (counts.get(id) || 0) + 1);
  }
  return seen;
}

/** Return the entropy of the target given the input: no mean loss can be lower. */
function entropyFloor(positions) {
  let [sum, nPairs] = [0, 0];
  for (const counts of targetsByInput(positions).values()) {
    const n = total([...counts.values()]);
    sum += n * entropy([...counts.values()].map((count) => count / n));
    nPairs += n;
  }
  return nPairs ? sum / nPairs : 0;
}

/** Return the probability of each word as noise. */
function noiseProbability(counts, exponent) {
  const powers = counts.map((count) => (count ? count ** exponent : 0));
  return powers.map((power) => power / total(powers));
}

/** Return the probability that a token of each word is kept. */
function keepProbability(counts, subsample) {
  const ratios = counts.map((count) => (subsample * total(counts)) / Math.max(count, 1));
  return ratios.map((ratio) => (subsample ? Math.min(1, Math.sqrt(ratio) + ratio) : 1));
}

/** Return the terms of the logistic loss, and the gradients of the scores. */
function logistic(scores, isSeen, weights) {
  return scores.map((score, i) => {
    const margin = isSeen[i] ? -score : score;
    const sigmoid = 1 / (1 + Math.exp(-margin));
    return {
      loss: weights[i] * Math.log(1 + Math.exp(margin)),
      gradient: weights[i] * sigmoid * (isSeen[i] ? -1 : 1),
    };
  });
}

/** Return the largest difference from the values that skw2v has computed. */
function largestDifference(data) {
  const { words, sentences, starts, checked_rate: rate, epochs, checks } = data.live;
  let largest = 0;
  const compare = (ours, theirs) =>
    ours.flat().forEach((value, i) => {
      const difference = Math.abs(value - theirs.flat()[i]);
      largest = Math.max(largest, Number.isFinite(difference) ? difference : Infinity);
    });
  for (const check of checks) {
    const training = train({
      sentences,
      nWords: words.length,
      start: starts[check.start],
      cbow: check.model === "CBOW",
      window: check.window,
      rate,
      epochs,
    });
    compare(training.embeddings.at(-1), check.embeddings);
    compare(training.output.at(-1), check.output);
    compare([training.means.at(-1), training.floor], [check.loss, check.floor]);
  }
  for (const { counts, noise } of data.trainings) compare(noiseProbability(counts, 0.75), noise);
  return largest;
}
