"""
I love 피자: 원-핫 벡터에서 임베딩까지
======================================

컴퓨터는 숫자만 계산할 수 있습니다. 그래서 텍스트를 다루려면 먼저 단어를 숫자로
바꾸어야 합니다. 이 글에서는 "I love 피자"라는 짧은 문장 하나로 Word2Vec의 학습 과정을
처음부터 끝까지 따라갑니다. 먼저 단어를 원-핫 벡터로 나타내고 작은 신경망을 만듭니다.
이어서 소프트맥스와 교차 엔트로피를 계산하고, 경사 하강법으로 가중치를 한 번
갱신합니다. 마지막으로 작은 말뭉치로 모델을 학습시켜, 흩어져 있던 단어들이 비슷한
것끼리 모이는 모습을 그림으로 확인합니다.

벡터의 내적과 행렬의 곱을 알면 충분히 읽을 수 있습니다. 코드를 직접 실행해 보려면 먼저
``pip install "skw2v[plots]"`` 명령으로 패키지를 설치하세요. 수식의 표기는 Rong
(2014), "word2vec Parameter Learning Explained"를 따르되, 벡터는 모두 행벡터로
나타냅니다.
"""

# %%
# 원-핫 벡터
# ----------
# 모델이 다루는 서로 다른 단어를 모두 모은 것을 어휘(vocabulary) 또는 단어 집합이라고
# 합니다. 단어를 숫자로 바꾸는 가장 단순한 방법은 원-핫 벡터(one-hot vector)로
# 나타내는 것입니다. 원-핫 벡터의 차원은 어휘에 있는 단어의 수와 같습니다. 나타내려는
# 단어의 자리만 1이고, 나머지 자리는 모두 0입니다. 여기서는 단어가 네 개인 어휘를
# 사용합니다.

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.datasets import load_lecture
from skw2v.plotting import EmbeddingDisplay, TrajectoryDisplay

pd.set_option("display.precision", 4)

words = ["I", "love", "like", "피자"]
one_hot = pd.DataFrame(np.eye(len(words), dtype=int), index=words, columns=words)
one_hot

# %%
# 원-핫 벡터의 두 가지 한계
# -------------------------
# 첫째, 단어 사이의 유사도를 나타내지 못합니다. 두 벡터가 얼마나 비슷한지는 내적(dot
# product)으로 잴 수 있습니다. 그런데 서로 다른 원-핫 벡터의 내적은 언제나 0입니다.
# 뜻이 가까운 love와 like의 내적도 0이고, 뜻이 먼 love와 피자의 내적도 똑같이 0입니다.

products = one_hot @ one_hot.T
assert (products.to_numpy() == np.eye(len(words))).all()
products

# %%
# 둘째, 어휘가 커지면 벡터의 차원도 함께 커집니다. 단어가 하나 늘 때마다 모든 벡터의
# 차원이 하나씩 늘어납니다. 뒤에서 학습에 쓸 작은 말뭉치(corpus)만 해도 18차원이
# 필요합니다. 신문 기사를 모은 말뭉치라면 단어가 수십만 개이고, 벡터는 단 한 자리를
# 빼고 모두 0으로 채워집니다. 이처럼 대부분의 값이 0인 벡터를 희소 벡터(sparse
# vector)라고 합니다.

corpus = load_lecture()
n_words = len({word for sentence in corpus for word in sentence.split()})
assert n_words == 18
print(f"단어 {len(words)}개: {len(words)}차원")
print(f"단어 {n_words}개: {n_words}차원")

# %%
# 4-2-4 신경망
# ------------
# Word2Vec은 차원이 높은 희소 벡터 대신 차원이 낮은 밀집 벡터(dense vector)를
# 학습합니다. 이 벡터를 단어 임베딩(word embedding), 줄여서 임베딩이라고 합니다.
# 임베딩은 은닉층이 하나뿐인 신경망을 학습시켜 얻습니다.
#
# .. math::
#
#    \underset{1 \times 4}{\mathbf{x}}
#    \;\xrightarrow{\;W_\text{in}\;}\;
#    \underset{1 \times 2}{\mathbf{h}}
#    \;\xrightarrow{\;W_\text{out}^\top\;}\;
#    \underset{1 \times 4}{\mathbf{s}}
#    \;\xrightarrow{\;\text{softmax}\;}\;
#    \underset{1 \times 4}{\mathbf{p}}
#
# * 입력층(input layer)과 출력층(output layer)에는 뉴런(neuron)이 각각 네 개, 곧
#   단어마다 하나씩 있습니다.
# * 그 사이의 은닉층(hidden layer)에는 뉴런이 두 개 있습니다. 은닉층의 크기, 곧
#   임베딩의 차원은 매개변수 ``n_components``\ 로 정합니다.
# * 입력층과 은닉층 사이에는 가중치 행렬(weight matrix) :math:`W_\text{in}`\ 이
#   있습니다. 이 행렬의 행 하나하나가 바로 단어의 임베딩입니다.
# * 은닉층과 출력층 사이에는 가중치 행렬 :math:`W_\text{out}`\ 이 있습니다. 이
#   행렬에도 단어마다 행이 하나씩 있으므로, 은닉층에 곱할 때는 전치(transpose)합니다.
#
# 학습을 시작할 때 :math:`W_\text{in}`\ 은 무작위 값으로, :math:`W_\text{out}`\ 은
# 모두 0으로 초기화됩니다. 아래의 계산에서 의미 있는 숫자를 볼 수 있도록, 두 문장으로
# 모델을 미리 조금 학습시켜 둡니다.

cbow = CBOWVectorizer(
    n_components=2,
    window=1,
    loss="softmax",
    vocabulary=words,
    lowercase=False,
    subsample=0,
    max_iter=100,
    random_state=0,
)
cbow.fit(["I love 피자", "I like 피자"])
assert cbow.embeddings_.shape == cbow.output_embeddings_.shape == (4, 2)
print("W_in: ", cbow.embeddings_.shape)
print("W_out:", cbow.output_embeddings_.shape)

# %%
# CBOW: 주변 단어로 중심 단어 예측하기
# ------------------------------------
# "I ___ 피자"의 빈칸에는 어떤 단어가 올까요? CBOW(continuous bag of words)는 이런
# 빈칸 채우기 문제를 풀면서 학습합니다. 빈칸에 들어갈 단어를 중심 단어(center word),
# 그 앞뒤에 있는 단어를 주변 단어(context word)라고 합니다. 중심 단어의 앞뒤로 살펴보는
# 범위를 윈도우(window)라고 하고, 앞뒤로 각각 몇 단어까지 볼지는 윈도우 크기(window
# size)로 정합니다. 여기서는 윈도우 크기가 1이므로 love의 주변 단어는 I와 피자입니다.
#
# 신경망에는 주변 단어의 원-핫 벡터를 평균한 벡터를 입력합니다. ``explain`` 메서드는
# 지금까지 학습한 가중치 행렬로 학습의 한 단계를 계산하고, 중간 결과를 모두 표로 보여
# 줍니다. 문장에서 love의 위치는 1입니다(위치는 0부터 셉니다). 먼저 주변 단어의 원-핫
# 벡터를 살펴봅니다.

step = cbow.explain("I love 피자", position=1)
step.one_hot

# %%
# 두 원-핫 벡터를 평균하면 I와 피자의 자리가 0.5가 됩니다.
#
# .. math::
#
#    \mathbf{x} = \tfrac{1}{2}\,(\mathbf{x}_\text{I} + \mathbf{x}_\text{피자})
#               = (0.5,\; 0,\; 0,\; 0.5)

assert step.input.loc[(1, "love")].tolist() == [0.5, 0, 0, 0.5]
step.input

# %%
# 이 벡터에 :math:`W_\text{in}`\ 을 곱하면 은닉층의 값이 나옵니다. 원-핫 벡터와 행렬의
# 곱은 행렬에서 행 하나를 꺼내는 것과 같으므로, 은닉층의 값은 I와 피자의 임베딩을
# 평균한 것입니다. 이 은닉층에는 활성화 함수(activation function)를 쓰지 않습니다.
#
# .. math::
#
#    \mathbf{h} = \mathbf{x}\, W_\text{in}
#
# :math:`W_\text{in}`\ 의 값은 다음과 같습니다.

step.embeddings

# %%
# I의 행과 피자의 행을 평균하면 은닉층의 값이 됩니다.

average = (step.embeddings.loc["I"] + step.embeddings.loc["피자"]) / 2
assert np.allclose(step.hidden.loc[(1, "love")], average)
step.hidden

# %%
# 은닉층의 값과 :math:`W_\text{out}`\ 의 각 행을 내적하면 단어마다 점수가 하나씩
# 나옵니다. 이 점수를 로짓(logit)이라고 합니다. 로짓이 클수록 모델이 보기에 빈칸에 더
# 어울리는 단어입니다.
#
# .. math::
#
#    \mathbf{s} = \mathbf{h}\, W_\text{out}^\top

assert np.allclose(step.logits, step.hidden @ step.output.T)
step.logits

# %%
# 소프트맥스: 로짓을 확률로
# -------------------------
# 로짓은 음수일 수도 있고 합이 1이라는 보장도 없으므로 확률이 아닙니다.
# 소프트맥스(softmax) 함수는 로짓을 확률로 바꿉니다. 지수 함수를 거치므로 모든 값이
# 양수가 되고, 그 값을 전체 합으로 나누므로 합이 1이 됩니다. 이때 값의 대소 관계는
# 바뀌지 않습니다.
#
# .. math::
#
#    p_j = \frac{e^{s_j}}{\sum_{k} e^{s_k}}
#
# 학습에 쓴 두 문장에서 빈칸 자리에 있던 단어, 곧 love와 like의 확률이 가장 높습니다.

probabilities = step.probabilities.loc[(1, "love")]
assert np.isclose(probabilities.sum(), 1)
assert set(probabilities.nlargest(2).index) == {"love", "like"}
step.probabilities

# %%
# 교차 엔트로피: 얼마나 틀렸는가
# ------------------------------
# 정답은 중심 단어 love의 원-핫 벡터 :math:`\mathbf{t}`\ 입니다. 예측한 확률
# :math:`\mathbf{p}`\ 가 정답과 얼마나 다른지는 교차 엔트로피(cross-entropy)로 잽니다.
# 이처럼 예측이 틀린 정도를 재는 함수를 손실 함수(loss function)라고 하고, 그 값을
# 손실(loss)이라고 합니다.
#
# .. math::
#
#    L = -\sum_{j} t_j \log p_j = -\log p_\text{love}
#
# 정답 벡터는 love의 자리만 1이고 나머지는 0이므로, 합에는 love의 항 하나만 남습니다.
# love의 확률이 1에 가까워질수록 손실은 0에 가까워지고, 확률이 0에 가까워질수록 손실은
# 한없이 커집니다.

assert np.isclose(step.cross_entropy, -np.log(probabilities["love"]))
print(f"-log({probabilities['love']:.4f}) = {step.cross_entropy:.4f}")

# %%
# 경사 하강법: 손실을 줄이는 한 걸음
# ----------------------------------
# 이제 손실이 줄어들도록 두 가중치 행렬의 값을 조금 바꿉니다. 어느 방향으로 바꾸어야
# 하는지는 기울기(gradient)가 알려 줍니다. 소프트맥스와 교차 엔트로피를 함께 쓰면
# 로짓에 대한 손실의 기울기가 아주 간단해집니다. 바로 예측한 확률에서 정답을 뺀
# 값입니다.
#
# .. math::
#
#    \frac{\partial L}{\partial \mathbf{s}} = \mathbf{p} - \mathbf{t}
#
# 정답인 love의 자리만 음수이고 나머지는 모두 양수입니다. 손실을 줄이려면 love의
# 로짓은 올리고 다른 단어의 로짓은 내려야 한다는 뜻입니다.

assert np.allclose(step.logits_gradient, step.probabilities - step.targets)
assert (step.logits_gradient["love"] < 0).all()
assert (step.logits_gradient.drop(columns="love") > 0).all(axis=None)
step.logits_gradient

# %%
# 이 기울기를 연쇄 법칙(chain rule)에 따라 출력층에서 입력층 쪽으로 전달하면, 두
# 가중치 행렬에 대한 손실의 기울기를 얻습니다. 이 과정을 역전파(backpropagation)라고
# 합니다.
#
# .. math::
#
#    \frac{\partial L}{\partial W_\text{out}}
#    &= (\mathbf{p} - \mathbf{t})^\top\, \mathbf{h} \\
#    \frac{\partial L}{\partial W_\text{in}}
#    &= \mathbf{x}^\top\, (\mathbf{p} - \mathbf{t})\, W_\text{out}
#
# 입력 :math:`\mathbf{x}`\ 에서 love와 like의 자리는 0이므로,
# :math:`W_\text{in}`\ 에서는 주변 단어인 I와 피자의 행만 바뀝니다. 두 행은 은닉층까지
# 전달된 기울기를 절반씩 똑같이 나누어 받습니다.

gradient = step.embeddings_gradient
assert (gradient.loc[["love", "like"]] == 0).all(axis=None)
assert gradient.loc["I"].equals(gradient.loc["피자"])
gradient

# %%
# 기울기는 손실이 가장 빠르게 커지는 방향을 가리킵니다. 그래서 경사 하강법(gradient
# descent)은 가중치를 그 반대 방향으로 움직입니다. 한 번에 얼마나 움직일지는
# 학습률(learning rate) :math:`\eta`\ 로 정합니다.
#
# .. math::
#
#    W \leftarrow W - \eta\, \frac{\partial L}{\partial W}
#
# 가중치를 한 번 갱신한 뒤 같은 빈칸을 다시 예측해 보면 love의 확률이 높아집니다.

logits = step.input @ step.embeddings_after @ step.output_after.T
after = np.exp(logits["love"]) / np.exp(logits).sum(axis=1)
assert after.iloc[0] > probabilities["love"]
print(f"학습률: {step.learning_rate}")
print(f"love의 확률: {probabilities['love']:.4f} -> {after.iloc[0]:.4f}")

# %%
# 학습은 이런 갱신을 말뭉치의 모든 위치에서 여러 번 되풀이하는 일입니다. 실제로는 여러
# 위치를 배치(batch)로 묶어 한꺼번에 계산합니다. 말뭉치 전체를 한 번 학습하는 것을
# 에포크(epoch)라고 하며, 에포크 수는 ``max_iter``\ 로 정합니다.
#
# Skip-gram: 중심 단어로 주변 단어 예측하기
# -----------------------------------------
# Skip-gram은 CBOW와 반대로 예측합니다. 중심 단어의 원-핫 벡터를 입력하고, 윈도우 안에
# 있는 주변 단어를 하나씩 예측합니다. 윈도우 크기가 1일 때 "I love 피자"에서 나오는
# (중심 단어, 주변 단어) 쌍은 다음과 같습니다.

skip_gram = SkipGramVectorizer(**cbow.get_params())
skip_gram.fit(["I love 피자", "I like 피자"])
targets = skip_gram.explain("I love 피자").targets
pairs = {word: list(row.index[row > 0]) for (_, word), row in targets.iterrows()}
assert pairs == {"I": ["love"], "love": ["I", "피자"], "피자": ["love"]}
for center, contexts in pairs.items():
    print(f"{center} -> {', '.join(contexts)}")

# %%
# 은닉층부터 경사 하강법까지 나머지 계산은 CBOW와 같습니다. 다만 love처럼 주변 단어가
# 둘이면 두 쌍의 손실을 더합니다.
#
# 작은 말뭉치로 학습하기
# ----------------------
# 이제 문장을 120개로 늘립니다. 주어 6개, 동사 2개(love와 like), 목적어 10개를
# 조합해서 만들 수 있는 모든 문장입니다.

assert len(corpus) == 6 * 2 * 10
corpus[:4]

# %%
# 두 모델을 각각 50에포크 동안 학습시킵니다. 말뭉치에 나오는 단어 하나하나를
# 토큰(token)이라고 합니다. 실제 말뭉치로 학습할 때는 지나치게 자주 나오는 단어의
# 토큰을 일부 건너뛰는데, 이를 서브샘플링(subsampling)이라고 합니다. 여기서는 모든
# 단어가 자주 나오므로 ``subsample=0``\ 으로 서브샘플링을 끕니다. 말뭉치가 작으므로
# ``batch_size``\ 도 작게 정합니다. 학습률은 기본값보다 낮추어, 임베딩이 움직인 경로가
# 매끄럽게 그려지도록 합니다.
#
# 아래 그림은 학습하는 동안 단어의 임베딩이 움직인 경로입니다. 속이 빈 점이
# 출발점입니다.

parameters = {
    "n_components": 2,
    "loss": "softmax",
    "lowercase": False,
    "subsample": 0,
    "batch_size": 16,
    "learning_rate": 0.05,
    "max_iter": 50,
    "random_state": 0,
}
models = {
    "CBOW": CBOWVectorizer(**parameters),
    "skip-gram": SkipGramVectorizer(**parameters),
}
displays = {}
figure, axes = plt.subplots(2, 1, figsize=(6.5, 11), layout="constrained")
for ax, (name, model) in zip(axes, models.items(), strict=True):
    displays[name] = TrajectoryDisplay.from_estimator(model, corpus, ax=ax)
    ax.set_title(name)

# %%
# love와 like는 언제나 같은 단어들 사이에 나타납니다. 그래서 비슷한 기울기를 받아 같은
# 곳으로 움직입니다. 주어는 주어끼리, 목적어는 목적어끼리 모이는 까닭도 같습니다.
# 목적어가 한국어인지 영어인지는 상관없습니다. 모델은 단어의 글자를 보지 않고, 그
# 주변에 어떤 단어가 나타나는지만 보기 때문입니다.
#
# 학습 전과 학습 후
# -----------------
# CBOW의 경로에서 처음과 끝만 그려 보면 변화가 더 뚜렷합니다.

figure, axes = plt.subplots(2, 1, figsize=(6.5, 11), layout="constrained")
display = displays["CBOW"]
for ax, epoch in zip(axes, (0, parameters["max_iter"]), strict=True):
    EmbeddingDisplay(display.paths[epoch], display.words).plot(ax)
    ax.set_title(f"CBOW, epoch {epoch}")

# %%
# 눈으로 본 것을 숫자로도 확인합니다. 두 모델 모두 love와 like 사이의 거리가 학습
# 전보다 줄었고, love와 피자 사이의 거리보다도 짧습니다. 원-핫 벡터로는 나타낼 수 없던
# 유사도가 임베딩에는 담겨 있습니다.


def distance(display, epoch, word, other):
    """두 단어의 임베딩 사이의 거리를 구합니다."""
    points = pd.DataFrame(display.paths[epoch], index=display.words)
    return np.linalg.norm(points.loc[word] - points.loc[other])


distances = pd.DataFrame(
    {
        name: {
            "love-like, epoch 0": distance(display, 0, "love", "like"),
            "love-like, epoch 50": distance(display, 50, "love", "like"),
            "love-피자, epoch 50": distance(display, 50, "love", "피자"),
        }
        for name, display in displays.items()
    }
)
love_like_start, love_like_end, love_pizza_end = distances.to_numpy()
assert (love_like_end < love_like_start).all()
assert (love_like_end < love_pizza_end).all()
distances

# %%
# 용어 정리
# ---------
#
# .. list-table::
#    :header-rows: 1
#
#    * - 용어
#      - 영어
#      - 이 패키지에서
#    * - 임베딩, :math:`W_\text{in}`
#      - embedding
#      - ``embeddings_``
#    * - 출력 가중치, :math:`W_\text{out}`
#      - output weights
#      - ``output_embeddings_``
#    * - 은닉층의 크기
#      - size of the hidden layer
#      - ``n_components``
#    * - 윈도우 크기
#      - window size
#      - ``window``
#    * - 학습률
#      - learning rate
#      - ``learning_rate``
#    * - 에포크 수
#      - number of epochs
#      - ``max_iter``
#    * - 손실 함수
#      - loss function
#      - ``loss``
#
# 직접 해 보기
# ------------
# * ``window=2``\ 로 바꾸면 "I love 피자"에서 나오는 skip-gram의 쌍은 몇 개일까요?
#   먼저 손으로 적어 본 다음 ``explain``\ 으로 확인해 보세요.
# * ``random_state``\ 를 바꾸어 여러 번 학습시켜 보세요. 단어들이 모이는 위치는
#   달라져도, 함께 모이는 단어들은 같을까요?
# * ``print(step)``\ 은 학습 한 단계의 계산 과정을 수식과 함께 모두 보여 줍니다.
#   표에서 숫자 하나를 골라 직접 계산해 보세요.
#
# 더 알아보기
# -----------
# * **더 큰 어휘.** 소프트맥스의 분모를 구하려면 어휘의 모든 단어에 대해 지수 함수의
#   값을 더해야 합니다. 단어가 수십만 개라면 이 계산은 너무 느립니다. 네거티브
#   샘플링(negative sampling)은 어휘 전체를 계산하는 대신, 정답 단어와 무작위로 뽑은
#   몇몇 단어를 구별하는 문제를 풉니다. 계층적 소프트맥스(hierarchical softmax)는 이진
#   트리를 따라 내려가며 확률을 구합니다. 기본값은
#   ``loss="negative_sampling"``\ 이고, ``loss="hierarchical_softmax"``\ 도 쓸 수
#   있습니다.
# * **한국어 문장.** 한국어에서는 조사를 떼어 내야 "피자를"과 "피자가"를 같은 단어로
#   다룰 수 있습니다. :doc:`한국어 텍스트 </ko/korean_text>`\ 에서 형태소 분석기를
#   연결해 봅니다.
# * **실제 말뭉치.** 파일의 문장을 한 줄씩 내보내는 제너레이터(generator)도
#   ``fit``\ 에 그대로 넣을 수 있습니다. 학습이 끝나면
#   ``word_vectors().most_similar(...)``\ 로 비슷한 단어를 찾습니다. 자세한 내용은
#   :doc:`사용자 안내서(영어) </user_guide>`\ 를 읽어 보세요.
# * **문서 분류.** ``transform``\ 은 문서마다 단어 임베딩의 평균을 구해 반환합니다.
#   그래서 scikit-learn의 파이프라인(pipeline)에 바로 넣을 수 있습니다. 예를 들어
#   ``make_pipeline(SkipGramVectorizer(), StandardScaler(), LogisticRegression())``
#   코드로 분류기를 만듭니다. 문서가 적을 때 로지스틱 회귀가 과소적합되지 않도록, 먼저
#   ``StandardScaler``\ 로 특성을 표준화합니다.
# * **내부 구현.** 이 계산을 빠르게 하는 방법은 :doc:`동작 원리(영어)
#   </how_it_works>`\ 에 있습니다.
