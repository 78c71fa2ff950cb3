"""Does cleaning help a classifier? News by topic, learned on some sites and asked about others.

    python examples/news_classifier.py [--articles 600] [--rounds 5]

Everything is made up here: sentences of four topics, and sites, each with its own menu, share buttons,
newsletter, copyright and a list of other stories, as scrapers leave them between the paragraphs. A site
favours one topic, as real ones do, so its cruft and its headlines of other stories hint at the topic. Asked are
the same sites, new sites that favour topics too, and new sites that favour none although their headlines do. The
classifier is the same each time, with `BoilerplateRemover` before it or not; `bodies alone` is what perfect
cleaning would give. The effect is made visible here on purpose: expect less of it in real news.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from string import capwords
from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from cleaner.adapters.sklearn import BoilerplateRemover

WORDS = {
    "council": "the mayor|the council|the planning board|a councillor|the treasurer; "
    "rejected|approved|put off|debated; the budget|a plan for new housing|the parking rules|a petition|the school levy",
    "sport": "the visitors|the goalkeeper|the home side|the captain|a substitute; won|lost|dominated|saved; "
    "the second half|the derby|a penalty|the cup match|the season's last game",
    "weather": "a storm|heavy rain|the frost|a warm front|the wind; reached|crossed|spared|soaked; "
    "the coast|the northern valleys|the harbour|the lowlands|the mountain roads",
    "health": "the clinic|a nurse|the hospital|a new study|the pharmacy; praised|questioned|offered|explained; "
    "the flu vaccine|a longer treatment|the waiting times|an allergy test|the night shift",
}
"""Who, did, what: two of three words in an article's sentences are of its topic."""
SHARED = [
    "Nobody had expected that, a spokeswoman said on {day}, and more will be known in the coming weeks.",
    "It had happened {number} times this year, according to a list that was seen by this paper on {day}.",
    "“We will look at it again,” said Maren Tolk, who has followed the matter since {day}.",
    "About {number} people had come to see for themselves, and most of them stayed until the evening.",
]
CRUFT = [
    "Share this article",
    "Advertisement",
    "Follow {site} on Facebook and Twitter",
    "Sign up for the {site} newsletter",
    "© 2026 {site}. All rights reserved.",
    "Photo: Jonas Hale/{site}",
    "Home | News | {section} | Weather | Contact",
    "Please support independent journalism with a small donation.",
    "We may earn a commission if you buy something through links in this article.",
    "Leave a comment",
]
NAMES = ["Ellingsund Gazette", "Lenne Courier", "Tolk Tribune", "Norrby Post", "Harbour Herald", "Valley Echo"]
DAYS = ["Monday", "Tuesday", "Thursday", "Saturday"]
LEAN = 0.6
"""Share of a site's articles that are of its favourite topic whatever the dice say."""
TESTS = {"same sites": (range(4), LEAN), "new sites": (range(4, 6), LEAN), "without favour": (range(4, 6), 0.0)}
"""Sites that are asked about, and how much they favour a topic."""


class Article(NamedTuple):
    """A text as scraped, what is its own of that, and its topic."""

    scraped: str
    body: str
    topic: str


def articles(count: int, sites: Sequence[int], dice: np.random.Generator, lean: float) -> Iterator[Article]:
    """Write articles of some sites."""
    topics = list(WORDS)
    for _ in range(count):
        site = int(dice.choice(sites))
        favourite = topics[site % len(topics)]
        topic = favourite if dice.random() < lean else str(dice.choice(topics))
        body = [_sentences(topic, dice) for _ in range(dice.integers(2, 5))]
        yield Article("\n".join(_scraped(body, site, favourite, dice)), "\n".join(body), topic)


def _sentences(topic: str, dice: np.random.Generator) -> str:
    told = _told(topic if dice.random() < 0.55 else str(dice.choice(list(WORDS))), dice)
    shared = str(dice.choice(SHARED)).format(day=dice.choice(DAYS), number=dice.integers(4, 90))
    return f"{told} on {dice.choice(DAYS)}, after a week in which little else was talked about. {shared}"


def _told(topic: str, dice: np.random.Generator) -> str:
    return " ".join(str(dice.choice(part.strip().split("|"))) for part in WORDS[topic].split(";")).capitalize()


def _scraped(body: Sequence[str], site: int, favourite: str, dice: np.random.Generator) -> list[str]:
    """Lay the cruft of a site around and between paragraphs, with headlines of its favourite topic."""
    own = [line.format(site=NAMES[site], section=favourite.title()) for line in CRUFT[site % 2 :: 2] + CRUFT[:2]]
    related = ["You may also like", *(capwords(_told(favourite, dice)) for _ in range(3))]
    lines = [line for paragraph in body for line in (paragraph, str(dice.choice(own)))]
    return [own[-1], *lines, *related, *own]


def pipeline(*, clean: bool) -> Pipeline:
    """Return the same classifier, with the remover before it or without."""
    steps = [TfidfVectorizer(sublinear_tf=True), LogisticRegression(max_iter=1000)]
    return make_pipeline(BoilerplateRemover(), *steps) if clean else make_pipeline(*steps)


def compare(count: int, seed: int) -> dict[str, list[float]]:
    """Return accuracies, one for each of `TESTS`, for texts as scraped, cleaned, and bodies alone."""
    dice = np.random.default_rng(seed)
    train = list(articles(count, range(4), dice, LEAN))
    tests = [list(articles(count, sites, dice, lean)) for sites, lean in TESTS.values()]

    def accuracies(field: str, *, clean: bool) -> list[float]:
        fitted = pipeline(clean=clean).fit([getattr(a, field) for a in train], [a.topic for a in train])
        return [fitted.score([getattr(a, field) for a in test], [a.topic for a in test]) for test in tests]

    return {
        "as scraped": accuracies("scraped", clean=False),
        "cleaned": accuracies("scraped", clean=True),
        "bodies alone": accuracies("body", clean=False),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print mean accuracies and how far they spread over the rounds."""
    parser = argparse.ArgumentParser(description="News by topic, with and without cleaner before the classifier.")
    parser.add_argument("--articles", type=int, default=600, help="articles to learn from, and in each test")
    parser.add_argument("--rounds", type=int, default=5, help="how often all is made anew, with other seeds")
    options = parser.parse_args(arguments)
    rounds = [compare(options.articles, seed) for seed in range(options.rounds)]
    print(" " * 14 + "".join(f"{name:>16}" for name in TESTS))
    for name in rounds[0]:
        found = np.array([of_round[name] for of_round in rounds])
        cells = (f"{mean:.3f} ± {spread:.3f}" for mean, spread in zip(found.mean(0), found.std(0), strict=True))
        print(f"{name:14}" + "".join(f"{cell:>16}" for cell in cells))


if __name__ == "__main__":
    main()
