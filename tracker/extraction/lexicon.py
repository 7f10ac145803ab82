"""The few English words that the extractor knows by heart; all others it has learned."""

__all__ = ["COMMON_PLURALS", "FEMALE", "MALE", "NO_NAME", "PRONOUNS", "TITLES", "word_set"]


def word_set(running: str) -> frozenset[str]:
    """The words of a running text: lists read best so."""
    return frozenset(running.split())


PRONOUNS = word_set("i he she they we you it who him her them us me one which whom himself herself")
# Capitalised at the beginning of a sentence or headline, and no part of a name.
NO_NAME = word_set(
    "a about after again all also although among an and another any are as asked at back be"
    " because before being both but by can could did do does during each early either even every"
    " few first for former from had has have he her here him his how however i if in indeed"
    " instead is it its just last late later least less like many may me meanwhile more most much"
    " my never new next no nor not now of on once one only or other others our out over perhaps"
    " she should since so some soon still such than that the their them then there these they this"
    " those though through thus to today tomorrow tonight too two under unless until up us very"
    " was we were what when where whether which while who whose why will with within without would"
    " yes yesterday yet you your monday tuesday wednesday thursday friday saturday sunday january"
    " february march april june july august september october november december"
)
# Nobody's names, though they often begin a sentence that attributes.
COMMON_PLURALS = word_set(
    "activists advocates aides allies analysts authorities backers campaigners conservatives critics"
    " defenders detectives doctors economists experts families friends historians insiders"
    " investigators investors journalists lawmakers lawyers leaders liberals locals neighbors"
    " neighbours observers officers officials opponents organizers parents participants people"
    " police politicians pollsters prosecutors protesters pundits reporters researchers residents"
    " rivals scholars scientists sources staffers students supporters teachers union unions voters"
    " witnesses women workers"
)
TITLES = word_set(
    "mr mrs ms mx miss dr sir dame lord lady president vice senator sen rep representative"
    " congressman congresswoman gov governor mayor judge justice prof professor gen general col"
    " colonel capt captain maj major sgt lt adm admiral secretary minister prime chancellor king"
    " queen prince princess pope rev reverend rabbi imam chairman chairwoman chair director"
    " spokesman spokeswoman spokesperson chief executive officer ceo cso cfo coo cto deputy acting"
    " former ex jr sr ii iii state attorney leader speaker ambassador commissioner sheriff analyst"
    " strategist manager editor reporter correspondent host founder co-founder head"
)
# First names that are common in the English-speaking news, for “he” and “she”.
MALE = word_set(
    "Adam Al Alan Alex Andrew Anthony Barack Ben Bernie Bill Bob Brad Brian Bruce Charles Charlie"
    " Chris Christopher Colin Dan Daniel Dave David Dennis Donald Doug Ed Edward Eric Frank Fred"
    " Gary George Glenn Greg Harry Henry Howard Jack Jacob James Jared Jason Jay Jeb Jeff Jeffrey"
    " Jerry Jim Jimmy Joe John Johnny Jon Jonathan Joseph Josh Justin Keith Ken Kevin Larry"
    " Lawrence Louis Marco Mark Martin Matt Matthew Michael Mike Mitch Mitt Nathan Neil Newt"
    " Nicholas Nick Oliver Patrick Paul Peter Philip Ralph Rand Randy Ray Reince Richard Rick Rob"
    " Robert Roger Ron Ronald Rudy Rupert Russell Ryan Sam Samuel Scott Sean Simon Stephen Steve"
    " Steven Stuart Ted Terry Thomas Tim Timothy Todd Tom Tony Victor Vincent Vladimir Walter"
    " Warren William Xi Moon Sundar Elon Narendra Emmanuel Boris Keir Rishi Volodymyr"
)
FEMALE = word_set(
    "Alice Amanda Amy Andrea Angela Ann Anna Anne Barbara Beth Betsy Brenda Carly Carol Caroline"
    " Catherine Chelsea Christina Christine Claire Condoleezza Cynthia Dana Deborah Debbie Diana"
    " Diane Donna Elaine Eleanor Elizabeth Ellen Emily Emma Erin Eva Fiona Gina Gloria Grace"
    " Hannah Heather Heidi Helen Hillary Hope Huma Ivanka Jane Janet Jean Jen Jennifer Jessica"
    " Jill Joan Joanna Joyce Judith Judy Julia Julie Kamala Karen Kate Katherine Kathleen Kathy"
    " Katie Kelly Kellyanne Kim Laura Lauren Linda Lindsay Lisa Liz Loretta Lori Lucy Lynn"
    " Madeleine Maggie Margaret Maria Marie Martha Mary Megan Megyn Melania Melissa Michelle"
    " Monica Nancy Naomi Natalie Nicola Nikki Olivia Pamela Patricia Paula Rachel Rebecca Rosa"
    " Rose Ruth Sally Samantha Sandra Sandy Sara Sarah Sharon Sheila Sophie Stephanie Sue Susan"
    " Suzanne Tammy Theresa Tina Ursula Valerie Victoria Wendy Yvonne"
)
