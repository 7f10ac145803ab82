"""An article about the Seoul meeting, written for the tests; the words in quotation marks are on record."""

__all__ = ["ADDRESS", "ARTICLE", "DESTINY", "POWERHOUSE", "long_article", "sixty_quotes"]

ADDRESS = "https://news.example.org/seoul-office"
DESTINY = "infrastructure is destiny."
POWERHOUSE = "Korea is a technological powerhouse with full-stack capabilities from semiconductors to applications"
ARTICLE = f"""\
OpenAI tells Seoul that it will open an office

OpenAI will open an office in Seoul and has already registered a company in Korea, its managers told members of parliament on May 26.

The meeting took place at the Four Seasons Hotel Seoul, where the company met the Democratic Party’s digital committee. Jason Kwon, the Chief Strategy Officer of OpenAI, spoke first.

“{POWERHOUSE},” Kwon said.

Kwon turned to what was at stake. “AI infrastructure will ultimately determine each country’s technological sovereignty and economic interests,” he said. He put it in three words: “{DESTINY}”

“Investment in the developer ecosystem is essential for the autonomous development of the AI ecosystem,” said Kwon.

Kwon said that the office would be looking for staff within several months.
"""


def long_article(words: int = 6_000) -> str:
    """The article's paragraphs again and again, each time a little otherwise."""
    headline, *body = ARTICLE.strip().split("\n\n")
    text, n = [headline], 0
    while len(" ".join(text).split()) < words:
        n += 1
        text.append(
            body[n % len(body)].replace("office", f"office {n}").replace("destiny", f"destiny {n}")
        )
    return "\n\n".join(text)


def sixty_quotes() -> str:
    """An article of sixty quotes and more."""
    turns = [
        f"“We will open office number {n} in the city of Seoul before the year is over,” Kwon said."
        for n in range(60)
    ]
    return "\n\n".join([*ARTICLE.split("\n\n")[:3], *turns])
