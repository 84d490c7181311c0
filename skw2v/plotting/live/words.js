// What the page says, in both languages. `w` marks words of the corpus.
"use strict";

const escaped = (text) =>
  String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const w = (word) => `<b>${escaped(word)}</b>`;
const formula = (text) => `<code class="formula">${text}</code>`;

/** Write a number with a true minus sign. */
function number(value, digits = 3) {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

const vector = (row) => `(${row.map((value) => number(value)).join(", ")})`;

/** Choose a Korean particle by whether a word ends in a consonant: p("피자", "은/는"). */
function particle(word, pair) {
  const last = word.charCodeAt(word.length - 1);
  const isHangul = last >= 0xac00 && last <= 0xd7a3;
  const closed = isHangul ? (last - 0xac00) % 28 > 0 : /[lmnLMN013678]$/.test(word);
  return pair.split("/")[closed ? 0 : 1];
}
const wp = (word, pair) => w(word) + particle(word, pair);

const TEXT = {
  en: {
    title: "Word2Vec, step by step",
    acts: "Contents",
    actsShort: {
      onehot: "One-hot vectors",
      forward: "Forward pass",
      loss: "Loss",
      backward: "Backward pass",
      epochs: "Sixty epochs",
      part: (a, b) => `Will ${a} and ${b} part?`,
      skipgram: "Skip-gram",
      corpus: (n) => `${n} sentences`,
      negative: "Negative sampling",
      subsample: "Subsampling",
      scale: "Scale",
      kl: "KL divergence",
    },
    and: (words) =>
      words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`,
    link: "Copy link",
    copied: "Copied",
    settings: {
      model: "Model",
      window: "Window",
      rate: "Learning rate",
      start: "Start",
      own: "Your own sentences",
      ownHelp: (words, tokens) =>
        `One sentence per line, words separated by blanks; up to ${words} different words and ${tokens} in all.`,
      apply: "Use them",
      reset: "Back to the lecture's",
      tooMany: (words, tokens) =>
        `That is too much for the drawing: please use 2 to ${words} different words, and at most ${tokens} in all, at least two in a sentence.`,
      training: "Recorded training",
    },
    transport: {
      back: "Back",
      step: "Step",
      play: "Play",
      pause: "Pause",
      unit: "Step by",
      units: { sub: "sub-step", position: "position", epoch: "epoch" },
      speed: "Speed",
      time: "Time",
      epoch: (e, n) => `epoch ${e} of ${n}`,
      place: (e, i, n) => `epoch ${e}, position ${i} of ${n}`,
      keys: "Arrow keys step back and forward, space plays.",
    },
    panels: {
      sentence: "Sentence and window",
      center: "center",
      context: "context",
      network: "Network",
      plane: "The words in the plane, rows of W<sub>in</sub>",
      matrices: "Both matrices, and the change by this step",
      loss: "Mean loss of each epoch",
      change: "change",
      word: "word",
      distance: "distance",
      start: "start",
      now: "now",
      floor: "entropy floor",
      input: "input X",
      hidden: "hidden H",
      legend:
        'Lines: <span class="plus">solid, positive</span>; <span class="minus">dashed, negative</span>; the thicker, the larger.',
      sum: "sum",
      marks: "Hollow: the random start. Filled: now.",
      epoch: "epoch",
      nats: "nats per pair",
      target: "target",
    },
    narration: {
      window: (v) =>
        `The center word is ${w(v.center)}. With window ${v.window} its context is ${v.contexts}. ` +
        (v.cbow
          ? "CBOW hides the center word and predicts it from the context."
          : "Skip-gram predicts each word of the context from the center word."),
      input: (v) =>
        v.nInputs > 1
          ? `The input X is the average of the one-hot vectors of ${v.inputs}: ${number(1 / v.nInputs, 2)} for each.`
          : `The input X is the one-hot vector of ${v.inputs}.`,
      hidden: (v) =>
        `H = X · W<sub>in</sub> is ${v.nInputs > 1 ? `the average of the rows of ${v.inputs}` : `the row of ${v.inputs}`} in W<sub>in</sub>: ${v.hidden}. There is no activation function.`,
      logits: (v) =>
        `S = H · W<sub>out</sub><sup>T</sup>: each word's row of W<sub>out</sub> gives one logit. The largest is that of ${w(v.best)}: ${v.bestLogit}.`,
      softmax: (v) =>
        `Softmax: exp(S) of all words adds up to ${v.sum}. Divided by that, they are probabilities, which sum to 1; ${w(v.target)} gets ${v.p}.`,
      loss: (v) => `Cross-entropy: the loss of this position is ${v.terms} = ${v.loss}.`,
      gradient: (v) =>
        `G = ${v.n > 1 ? `${v.n} · P − T` : "P − T"}: ${w(v.target)} has ${v.g}, so its logit must rise; ${w(v.rival)} has ${v.gRival}, so its logit must fall.`,
      output: (v) =>
        `W<sub>out</sub> moves by −${v.rate} · G<sup>T</sup> H: ${w(v.target)} goes toward H, and the others away from it, the more the more probable they were.`,
      embeddings: (v) =>
        `W<sub>in</sub> moves by −${v.rate} · X<sup>T</sup> (G · W<sub>out</sub>): only ${v.inputs} ${v.nInputs > 1 ? "move, all by the same step" : "moves"}. At the same position the loss is now ${v.after} instead of ${v.loss}.`,
      epoch: (v) =>
        `After ${v.epoch} of ${v.epochs} epochs: the mean loss is ${v.mean}, and can't fall below ${v.floor}. ${v.distances}`,
      first: (v) => `Before the first epoch every word is equally probable, and the loss is log ${v.n} = ${v.log}. ${v.distances}`,
      diverged: "The training has diverged: a step this large jumps over the minimum. Lower the learning rate.",
      apart: (a, b, d) => `${w(a)}–${w(b)}: ${d}`,
    },
    lessons: {
      onehot: (v) => [
        `A computer needs numbers for words. The simplest are one-hot vectors: one component for each of the ${v.n} words of the vocabulary, with a 1 in the word's own component.`,
        `They have two faults. First, the dot product of any two different words is 0: ${w(v.a)} is no more similar to ${w(v.b)} than to ${w(v.c)}. Second, each new word adds a dimension: ${v.n} words, ${v.n} dimensions; ${v.corpus} words, ${v.corpus} dimensions; a newspaper, 100,000.`,
        "Word2Vec learns short, dense vectors instead. Here they have two components, so that they can be drawn.",
      ],
      forward: (v) => [
        `The network has ${v.n} input nodes, 2 hidden nodes and ${v.n} output nodes. CBOW fills a blank: from the words around a position it predicts the word there.`,
        "Press Step (or →) to compute one quantity at a time. The network has been trained for twelve epochs already, so that its weights are not those of the start.",
      ],
      loss: (v) => [
        `The loss of a prediction is minus the logarithm of the probability that it gave to the word that is really there. To be sure and right costs nothing; to be sure and wrong costs a lot.`,
        `The untrained network gives all ${v.n} words the same probability, so its loss is log ${v.n} = ${v.log}.`,
      ],
      backward: () => [
        "The gradient of the loss with respect to the logits is simple: probability minus target. From there it flows back to both matrices, and each moves against its gradient, by a step that the learning rate scales: gradient descent.",
        formula("G = P − T &nbsp;&nbsp; dL/dW<sub>out</sub> = G<sup>T</sup> H &nbsp;&nbsp; dL/dW<sub>in</sub> = X<sup>T</sup> (G W<sub>out</sub>)"),
      ],
      epochs: (v) => [
        "One pass over all positions is an epoch. Press Play and watch the plane.",
        v.lecture
          ? `${w("love")} and ${w("like")} occur in the same contexts. So they are asked the same questions, get the same steps, and meet.`
          : "Words that occur in the same contexts are asked the same questions, get the same steps, and meet.",
      ],
      part: (v) => [
        `Which contexts do two words share? That decides where they go. Predict what happens to ${w(v.a)} and ${w(v.b)} with each window, then see.`,
      ],
      skipgram: () => [
        "Skip-gram turns the question around: from the center word it predicts each word of its window. The input is one one-hot vector, so the hidden layer is a row of W<sub>in</sub>; and there are as many targets as there are contexts.",
      ],
      corpus: (v) => [
        `This act computes nothing. It shows what <code>fit</code> of skw2v ${v.version} did with ${v.n} documents, recorded after each epoch. Choose a training and move the slider, or press Play.`,
      ],
      negative: () => [
        "For each step the softmax needs the scores of all words. Negative sampling asks an easier question: is this pair of words from the text, or noise? That takes one target and a few noise words, drawn with a probability proportional to count<sup>0.75</sup>.",
        formula("L = −log σ(w<sub>t</sub>·h) − Σ<sub>c</sub> weight<sub>c</sub> · log σ(−w<sub>c</sub>·h)"),
        "The engine of skw2v takes the words at other positions of the same update as noise, and weights them so that the expectation is that of 5 drawn words. The table shows this expectation: each word with weight 5 · p.",
      ],
      subsample: (v) => [
        "Frequent words such as “the” take up many tokens and teach little. Subsampling keeps each token of a word only with a certain probability. For a word that makes up the share f of all tokens, and the threshold t:",
        formula("keep = min(1, √(t/f) + t/f)"),
        `In a toy corpus every word is frequent, so subsampling would leave little. The recorded training has used <code>subsample=${v.subsample}</code>; 0 keeps all.`,
      ],
      scale: (v) => [
        `The network of this page has ${v.n} words and 2 components: ${v.weights} weights in each matrix. A usual one has 50,000 words and 300 components: 15 million in each.`,
        "That may be why the hidden layer has no activation function: X · W<sub>in</sub> is then only a row of the matrix, or an average of a few rows, which is looked up and not computed. And it is why negative sampling was invented.",
      ],
      kl: (v) => [
        `The loss never reaches 0, however long we train. In the text, the blank “${v.blank}” is filled by ${v.fillers}. No model can know which one comes next: the entropy of this choice remains.`,
        formula("cross-entropy = entropy + KL divergence"),
        "Training can only lower the KL divergence, which measures how far the prediction is from the text. It is 0 when both agree.",
      ],
    },
    part: {
      question: (n) => `With window ${n} they will`,
      answers: { meet: "meet", keep: "keep their distance", part: "part" },
      show: "See",
      window: (n) => `Window ${n}`,
      shared: (a, list) => `Contexts of ${w(a)}: ${list}.`,
      right: "You were right.",
      wrong: "Not as predicted.",
      first: "Choose an answer for both windows first.",
      outcome: {
        meet: (from, to) => `They come closer: the distance falls from ${from} to ${to}.`,
        keep: (from, to) => `They keep their distance: ${from} at the start, ${to} at the end.`,
        part: (from, to) => `They part: the distance grows from ${from} to ${to}.`,
      },
      together:
        "They are contexts of the same centers only, and always both at once. So both get the same step, every time: they move, but never relative to each other.",
      same: "Both predict the same words, so they are drawn to the same place.",
      differ: "Their contexts differ. So they are asked different questions, and get different steps.",
      mutual: "Each is a context of the other, but not of itself.",
      chart: "Distance in each epoch",
    },
    tables: {
      word: "word",
      count: "count",
      share: "share f",
      noise: "p (noise)",
      weight: "weight",
      score: "score",
      sigmoid: "σ(score)",
      loss: "loss",
      gradient: "gradient",
      keep: "keep",
      left: "left of 1,000",
      seen: "seen",
      isNoise: "noise",
      exponent: "Exponent of the counts",
      threshold: "Threshold t",
      usual: (share) => `a word of ${share}`,
      dots: "Dot products of all pairs",
      vectors: "One-hot vectors",
      network: "network",
      words: "words",
      components: "components",
      weights: "weights per matrix",
      perStep: "scores, softmax",
      perStepNegative: "scores, negative sampling",
      thisPage: "this page",
      corpus: "the recorded corpus",
      usualNetwork: "a usual network",
      usualWords: "words of a large corpus",
      center: "center",
      targets: "targets",
      pairs: "Pairs of a center and a target",
      text: "text Q",
      model: "model P",
      crossEntropy: "cross-entropy",
      entropy: "entropy",
      kl: "KL divergence",
      blank: "The blank",
      logCurve: "Loss by the probability of the target",
      logarithmic: "Weights per matrix, on a logarithmic scale",
    },
    badge: (version, difference, n) =>
      difference < 1e-10
        ? `✓ The arithmetic of this page agrees with skw2v ${version}: after ${n} steps in each of its trainings the largest difference is ${difference.toExponential(0)}. It takes the steps of <code>explain</code>, one position after another; <code>fit</code> takes many positions at once, in random order, as in the recorded trainings.`
        : `✗ The arithmetic of this page differs from skw2v ${version} by ${difference}. Don't trust its numbers.`,
    trainingName: (t) =>
      `${t.model}, window ${t.window}, start ${t.start}` + (t.loss === "softmax" ? "" : `, ${t.loss.replace("_", " ")}`),
    recorded: (t, e, n) =>
      `After ${e} of ${n} epochs` + (e ? `: mean loss ${number(t.losses[e - 1])}` : ": random vectors") +
      (t.floor === null ? "." : `; it can't fall below ${number(t.floor)}.`),
    inPlane: (share) => `The plane shows ${Math.round(share * 100)} % of the variance.`,
  },
  ko: {
    title: "한 걸음씩 배우는 Word2Vec",
    acts: "차례",
    actsShort: {
      onehot: "원-핫 인코딩",
      forward: "순전파",
      loss: "손실",
      backward: "역전파",
      epochs: "60번의 에포크",
      part: (a, b) => `${a}${particle(a, "과/와")} ${b}, 멀어질까?`,
      skipgram: "스킵그램",
      corpus: (n) => `문장 ${n}개`,
      negative: "네거티브 샘플링",
      subsample: "서브샘플링",
      scale: "규모",
      kl: "KL 발산",
    },
    and: (words) => words.join(", "),
    link: "링크 복사",
    copied: "복사했습니다",
    settings: {
      model: "모델",
      window: "윈도우",
      rate: "학습률",
      start: "시작값",
      own: "직접 문장 쓰기",
      ownHelp: (words, tokens) =>
        `한 줄에 한 문장씩, 단어는 띄어쓰기로 나눕니다. 서로 다른 단어는 ${words}개, 모두 합해 ${tokens}개까지 쓸 수 있습니다.`,
      apply: "이 문장으로 학습하기",
      reset: "강의 문장으로 돌아가기",
      tooMany: (words, tokens) =>
        `그림에 담기에는 맞지 않습니다. 서로 다른 단어를 2~${words}개, 모두 합해 ${tokens}개 이하로, 한 문장에 두 단어 이상 써 주세요.`,
      training: "기록된 학습",
    },
    transport: {
      back: "뒤로",
      step: "한 걸음",
      play: "재생",
      pause: "멈춤",
      unit: "단위",
      units: { sub: "세부 단계", position: "위치", epoch: "에포크" },
      speed: "속도",
      time: "시간",
      epoch: (e, n) => `에포크 ${e} / ${n}`,
      place: (e, i, n) => `에포크 ${e}, 위치 ${i} / ${n}`,
      keys: "화살표 키로 앞뒤로 움직이고, 스페이스 키로 재생합니다.",
    },
    panels: {
      sentence: "문장과 윈도우",
      center: "중앙 단어",
      context: "문맥",
      network: "신경망",
      plane: "평면 위의 단어(W<sub>in</sub>의 행)",
      matrices: "두 가중치 행렬과 이번 단계의 변화",
      loss: "에포크별 평균 손실",
      change: "변화",
      word: "단어",
      distance: "거리",
      start: "처음",
      now: "지금",
      floor: "엔트로피 하한",
      input: "입력 X",
      hidden: "은닉층 H",
      legend:
        '선: <span class="plus">실선은 양수</span>, <span class="minus">점선은 음수</span>, 굵을수록 큰 값입니다.',
      sum: "합",
      marks: "빈 점은 무작위 시작, 채운 점은 지금입니다.",
      epoch: "에포크",
      nats: "한 쌍당 nat",
      target: "정답",
    },
    narration: {
      window: (v) =>
        `중앙 단어는 ${w(v.center)}입니다. 윈도우 크기가 ${v.window}이므로 문맥은 ${v.contexts}입니다. ` +
        (v.cbow
          ? "CBOW는 중앙 단어를 가리고, 문맥으로 중앙 단어를 예측합니다."
          : "스킵그램은 중앙 단어로 문맥의 단어를 하나하나 예측합니다."),
      input: (v) =>
        v.nInputs > 1
          ? `입력 X는 ${v.inputs}의 원-핫 벡터를 평균한 것입니다. 각각 ${number(1 / v.nInputs, 2)}입니다.`
          : `입력 X는 ${v.inputs}의 원-핫 벡터입니다.`,
      hidden: (v) =>
        `H = X · W<sub>in</sub>: W<sub>in</sub>에서 ${v.nInputs > 1 ? `${v.inputs}의 행을 평균한 값` : `${v.inputs}의 행`}, 곧 ${v.hidden}입니다. 활성화 함수는 없습니다.`,
      logits: (v) =>
        `S = H · W<sub>out</sub><sup>T</sup>: W<sub>out</sub>의 행마다 로짓이 하나씩 나옵니다. 가장 큰 로짓은 ${w(v.best)}의 ${v.bestLogit}입니다.`,
      softmax: (v) =>
        `소프트맥스: 모든 단어의 exp(S)를 더하면 ${v.sum}입니다. 이 합으로 나누면 더해서 1이 되는 확률입니다. ${w(v.target)}의 확률은 ${v.p}입니다.`,
      loss: (v) => `크로스엔트로피: 이 위치의 손실은 ${v.terms} = ${v.loss}입니다.`,
      gradient: (v) =>
        `G = ${v.n > 1 ? `${v.n} · P − T` : "P − T"}: ${wp(v.target, "은/는")} ${v.g}이므로 로짓이 커져야 하고, ${wp(v.rival, "은/는")} ${v.gRival}이므로 로짓이 작아져야 합니다.`,
      output: (v) =>
        `W<sub>out</sub>은 −${v.rate} · G<sup>T</sup> H만큼 움직입니다. ${wp(v.target, "은/는")} H 쪽으로 가고, 다른 단어는 확률이 높았던 만큼 H에서 멀어집니다.`,
      embeddings: (v) =>
        `W<sub>in</sub>은 −${v.rate} · X<sup>T</sup> (G · W<sub>out</sub>)만큼 움직입니다. ${v.inputs}의 행만 ${v.nInputs > 1 ? "똑같은 걸음으로 " : ""}움직입니다. 같은 위치의 손실은 ${v.loss}에서 ${v.after}(으)로 바뀌었습니다.`,
      epoch: (v) =>
        `${v.epochs}번 가운데 ${v.epoch}번의 에포크가 지났습니다. 평균 손실은 ${v.mean}이고, ${v.floor}보다 작아질 수 없습니다. ${v.distances}`,
      first: (v) => `첫 에포크 전에는 모든 단어의 확률이 같고, 손실은 log ${v.n} = ${v.log}입니다. ${v.distances}`,
      diverged: "학습이 발산했습니다. 걸음이 너무 커서 최솟값을 뛰어넘습니다. 학습률을 낮추세요.",
      apart: (a, b, d) => `${w(a)}–${w(b)}: ${d}`,
    },
    lessons: {
      onehot: (v) => [
        `컴퓨터는 숫자만 계산할 수 있습니다. 단어를 숫자로 바꾸는 가장 단순한 방법은 원-핫 인코딩입니다. 어휘(단어 집합)에 있는 단어 ${v.n}개마다 성분이 하나씩 있고, 그 단어의 자리만 1입니다.`,
        `원-핫 벡터에는 두 가지 한계가 있습니다. 첫째, 서로 다른 두 단어의 내적은 언제나 0입니다. ${w(v.a)}에게는 ${wp(v.b, "과/와")} ${wp(v.c, "이/가")} 똑같이 낯섭니다. 둘째, 단어가 하나 늘 때마다 차원이 하나씩 늘어납니다. 단어 ${v.n}개면 ${v.n}차원, ${v.corpus}개면 ${v.corpus}차원, 신문이라면 100,000차원입니다.`,
        "Word2Vec은 그 대신 짧고 촘촘한 벡터를 학습합니다. 여기서는 그림으로 그릴 수 있도록 성분을 두 개로 합니다.",
      ],
      forward: (v) => [
        `이 신경망에는 입력층 노드(뉴런) ${v.n}개, 은닉층 노드 2개, 출력층 노드 ${v.n}개가 있습니다. 은닉층이 하나뿐인 얕은 신경망입니다. CBOW는 빈칸을 채웁니다. 곧 어떤 위치의 앞뒤 단어로 그 자리의 단어를 예측합니다.`,
        "‘한 걸음’ 단추(또는 → 키)를 누르면 값을 하나씩 계산합니다. 가중치가 시작값 그대로가 아니도록 이미 열두 에포크 동안 학습한 신경망입니다.",
      ],
      loss: (v) => [
        "예측의 손실은 실제로 나온 단어에 준 확률의 로그에 음의 부호를 붙인 값입니다. 확신하고 맞히면 0이고, 확신하고 틀리면 아주 커집니다.",
        `학습하지 않은 신경망은 단어 ${v.n}개에 같은 확률을 주므로, 손실은 log ${v.n} = ${v.log}입니다.`,
      ],
      backward: () => [
        "로짓에 대한 손실의 기울기는 간단합니다. 확률에서 정답을 뺀 값입니다. 이 기울기가 두 행렬로 거슬러 흐르고, 두 행렬은 기울기의 반대쪽으로 학습률만큼 줄인 걸음을 내딛습니다. 이것이 경사하강법입니다.",
        formula("G = P − T &nbsp;&nbsp; dL/dW<sub>out</sub> = G<sup>T</sup> H &nbsp;&nbsp; dL/dW<sub>in</sub> = X<sup>T</sup> (G W<sub>out</sub>)"),
      ],
      epochs: (v) => [
        "모든 위치를 한 번 지나면 한 에포크입니다. ‘재생’을 누르고 평면을 지켜보세요.",
        v.lecture
          ? `${wp("love", "과/와")} ${wp("like", "은/는")} 같은 문맥에 나옵니다. 그래서 같은 문제를 풀고, 같은 걸음을 내딛다가 만납니다.`
          : "같은 문맥에 나오는 단어는 같은 문제를 풀고, 같은 걸음을 내딛다가 만납니다.",
      ],
      part: (v) => [
        `두 단어가 어떤 문맥을 함께 가질까요? 그것이 두 단어의 길을 정합니다. 윈도우마다 ${wp(v.a, "과/와")} ${wp(v.b, "이/가")} 어떻게 될지 먼저 예측한 다음 확인해 보세요.`,
      ],
      skipgram: () => [
        "스킵그램은 질문을 뒤집습니다. 중앙 단어로 윈도우 안의 단어를 하나하나 예측합니다. 입력이 원-핫 벡터 하나이므로 은닉층은 W<sub>in</sub>의 한 행이고, 정답은 문맥의 단어 수만큼 있습니다.",
      ],
      corpus: (v) => [
        `여기서는 아무것도 계산하지 않습니다. skw2v ${v.version}의 <code>fit</code>이 문서 ${v.n}개로 학습한 과정을 에포크마다 기록한 것입니다. 학습을 고르고 슬라이더를 움직이거나 ‘재생’을 누르세요.`,
      ],
      negative: () => [
        "소프트맥스는 한 걸음마다 모든 단어의 점수가 필요합니다. 네거티브 샘플링은 더 쉬운 질문을 합니다. 이 단어 쌍은 텍스트에서 왔을까요, 잡음일까요? 정답 하나와, 횟수<sup>0.75</sup>에 비례하는 확률로 뽑은 잡음 단어 몇 개면 됩니다.",
        formula("L = −log σ(w<sub>t</sub>·h) − Σ<sub>c</sub> weight<sub>c</sub> · log σ(−w<sub>c</sub>·h)"),
        "skw2v의 엔진은 같은 갱신에 있는 다른 위치의 단어를 잡음으로 쓰고, 기댓값이 단어 5개를 뽑을 때와 같도록 가중치를 줍니다. 표는 이 기댓값, 곧 모든 단어에 5 · p의 가중치를 준 것입니다.",
      ],
      subsample: (v) => [
        "‘the’처럼 자주 나오는 단어는 토큰을 많이 차지하지만 가르쳐 주는 것은 적습니다. 서브샘플링은 단어의 토큰을 정해진 확률로만 남깁니다. 어떤 단어가 전체 토큰에서 차지하는 비율이 f이고 문턱값이 t일 때",
        formula("keep = min(1, √(t/f) + t/f)"),
        `작은 말뭉치에서는 모든 단어가 자주 나오므로, 서브샘플링을 하면 남는 것이 거의 없습니다. 기록된 학습은 <code>subsample=${v.subsample}</code>${particle(String(v.subsample), "을/를")} 썼습니다. 0이면 모두 남깁니다.`,
      ],
      scale: (v) => [
        `이 페이지의 신경망은 단어가 ${v.n}개, 성분이 2개이므로 행렬마다 가중치가 ${v.weights}개입니다. 흔히 쓰는 신경망은 단어 50,000개에 성분 300개, 곧 행렬마다 1,500만 개입니다.`,
        "은닉층에 활성화 함수가 없는 까닭도 여기에 있을 것입니다. 활성화 함수가 없으면 X · W<sub>in</sub>은 행렬의 한 행이거나 몇 행의 평균이므로, 곱하지 않고 꺼내기만 하면 됩니다. 네거티브 샘플링도 그래서 나왔습니다.",
      ],
      kl: (v) => [
        `아무리 오래 학습해도 손실은 0이 되지 않습니다. 텍스트에서 빈칸 ‘${v.blank}’에 들어가는 단어는 ${v.fillers}입니다. 어느 것이 나올지는 어떤 모델도 알 수 없으므로, 이 선택의 엔트로피는 남습니다.`,
        formula("크로스엔트로피 = 엔트로피 + KL 발산"),
        "학습이 줄일 수 있는 것은 KL 발산뿐입니다. KL 발산은 예측이 텍스트와 얼마나 다른지를 나타내고, 둘이 같으면 0입니다.",
      ],
    },
    part: {
      question: (n) => `윈도우 크기가 ${n}이면 두 단어는`,
      answers: { meet: "만난다", keep: "거리를 지킨다", part: "멀어진다" },
      show: "확인하기",
      window: (n) => `윈도우 ${n}`,
      shared: (a, list) => `${w(a)}의 문맥: ${list}.`,
      right: "맞혔습니다.",
      wrong: "예측과 다릅니다.",
      first: "먼저 두 윈도우의 답을 모두 고르세요.",
      outcome: {
        meet: (from, to) => `가까워집니다. 거리가 ${from}에서 ${to}(으)로 줄어듭니다.`,
        keep: (from, to) => `거리를 지킵니다. 처음에 ${from}, 마지막에 ${to}입니다.`,
        part: (from, to) => `멀어집니다. 거리가 ${from}에서 ${to}(으)로 늘어납니다.`,
      },
      together:
        "두 단어는 언제나 같은 중앙 단어의 문맥에 함께 들어 있습니다. 그래서 늘 같은 걸음을 내딛습니다. 움직이기는 하지만 서로의 거리는 변하지 않습니다.",
      same: "두 단어가 같은 단어들을 예측하므로 같은 곳으로 끌려갑니다.",
      differ: "두 단어의 문맥이 다릅니다. 그래서 다른 문제를 풀고, 다른 걸음을 내딛습니다.",
      mutual: "서로 상대의 문맥이지만 자기 자신의 문맥은 아닙니다.",
      chart: "에포크별 거리",
    },
    tables: {
      word: "단어",
      count: "횟수",
      share: "비율 f",
      noise: "p(잡음)",
      weight: "가중치",
      score: "점수",
      sigmoid: "σ(점수)",
      loss: "손실",
      gradient: "기울기",
      keep: "남길 확률",
      left: "1,000개 가운데",
      seen: "본 쌍",
      isNoise: "잡음",
      exponent: "횟수의 지수",
      threshold: "문턱값 t",
      usual: (share) => `비율이 ${share}인 단어`,
      dots: "모든 쌍의 내적",
      vectors: "원-핫 벡터",
      network: "신경망",
      words: "단어",
      components: "성분",
      weights: "행렬마다 가중치",
      perStep: "점수, 소프트맥스",
      perStepNegative: "점수, 네거티브 샘플링",
      thisPage: "이 페이지",
      corpus: "기록된 말뭉치",
      usualNetwork: "흔히 쓰는 신경망",
      usualWords: "큰 말뭉치의 단어",
      center: "중앙 단어",
      targets: "정답",
      pairs: "중앙 단어와 정답의 쌍",
      text: "텍스트 Q",
      model: "모델 P",
      crossEntropy: "크로스엔트로피",
      entropy: "엔트로피",
      kl: "KL 발산",
      blank: "빈칸",
      logCurve: "정답의 확률에 따른 손실",
      logarithmic: "행렬마다 가중치의 수(로그 눈금)",
    },
    badge: (version, difference, n) =>
      difference < 1e-10
        ? `✓ 이 페이지의 계산은 skw2v ${version}의 계산과 같습니다. 학습마다 ${n}걸음을 걸은 뒤 가장 큰 차이는 ${difference.toExponential(0)}입니다. 여기서는 <code>explain</code>처럼 위치를 하나씩 차례로 학습합니다. <code>fit</code>은 기록된 학습에서 보듯이 여러 위치를 한꺼번에, 무작위 순서로 학습합니다.`
        : `✗ 이 페이지의 계산이 skw2v ${version}의 계산과 ${difference}만큼 다릅니다. 여기 나온 숫자를 믿지 마세요.`,
    trainingName: (t) =>
      `${t.model === "CBOW" ? "CBOW" : "스킵그램"}, 윈도우 ${t.window}, 시작값 ${t.start}` + (t.loss === "softmax" ? "" : `, ${t.loss}`),
    recorded: (t, e, n) =>
      `${n}번 가운데 ${e}번의 에포크가 지났습니다. ` + (e ? `평균 손실은 ${number(t.losses[e - 1])}입니다.` : "벡터는 아직 무작위입니다.") +
      (t.floor === null ? "" : ` 손실은 ${number(t.floor)}보다 작아질 수 없습니다.`),
    inPlane: (share) => `이 평면은 분산의 ${Math.round(share * 100)}%를 보여 줍니다.`,
  },
};
