"""The pages that the desk edits: about, method, inclusion, corrections and contact, as they are at first.

A page that is there already stays as it is; going back removes only those that nobody has edited.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.color import no_style
from django.db import migrations

_PLACEHOLDER = "example.com"  # the site that django.contrib.sites makes up when there is none

ABOUT = """
<p>This is a reference for what people have said. For every quote it keeps the words, who said them, when, and in
which office or job, together with the sources that give the words. It is made for readers, journalists and
researchers who want to check a quote before they repeat it.</p>
<h2>What you find here</h2>
<ul>
<li><a href="/quotes/">Quotes</a>, each with its sources. Where sources print the words differently, or
translate them, the wordings stand beside each other.</li>
<li><a href="/speakers/">Speakers</a>, with their positions and with what they said, year by year.
Organisations that speak for themselves are speakers too.</li>
<li><a href="/articles/">Articles and other sources</a>: web pages, newspapers, books, broadcasts and papers in
archives, each with the quotes that it gives and the earlier source that it relies on, where that is known.</li>
<li><a href="/topics/">Topics</a>, to compare what different people said about one matter.</li>
</ul>
<h2>What a quote here does not mean</h2>
<p>That a quote is on record means that a source gives it. It does not mean that what it says is true, nor that
we agree with it. Whether the speaker really said it is a question of its own: every quote carries the answer in
one word, such as “confirmed” or “misattributed”, with the reason; until we know more, the word is “unverified”.</p>
<p>Whole articles are not kept for reading here; follow the link to the source for those.</p>
<h2>How we work</h2>
<p>Read <a href="/about/method/">how a quote is recorded</a>, <a href="/about/inclusion/">what gets in</a>,
<a href="/about/corrections/">how mistakes are put right</a> and <a href="/about/contact/">how to reach us</a>.</p>
"""

METHOD = """
<h2>The words</h2>
<p>Words are copied from the source as it prints them. A quote is either in quotation marks, partly in quotation
marks, or reported and not word for word; reported words never stand between quotation marks here.</p>
<h2>One quote, many sources</h2>
<p>What was said once is recorded once, with every source that we know. When one source relies on another, the
page shows the chain. Sources count as independent only when their chains do not lead back to the same one. A
translation stands beside the original, with its translator, or with the note that the translator is not named.</p>
<h2>The date</h2>
<p>A date is as exact as the source allows: “26 May 2025”, “May 2025” or “about 1948”. The day when words were said
and the day when they were published are two different things, and are kept apart.</p>
<h2>The speaker</h2>
<p>A quote names the position that the speaker held at that time, not the one held today.</p>
<h2>Who really said it</h2>
<ul>
<li>Unverified: a source gives the words to this speaker, and we have nothing more.</li>
<li>Confirmed: there is a recording, a transcript or the speaker’s own publication, or two independent sources agree.</li>
<li>Disputed: there are good reasons to doubt that these words were said, or said in this way.</li>
<li>Misattributed: the words are not the speaker’s. They are kept apart, under “Wrongly attributed to”.</li>
</ul>
<p>Except for “unverified”, the reason is given with the quote.</p>
"""

INCLUSION = """
<p>A quote gets in when somebody else can look it up.</p>
<h2>What we record</h2>
<ul>
<li>Words that were said in public or published: speeches, interviews, hearings, statements, letters, books, posts.</li>
<li>Words with a source that can be found again: a web address, or the page of a newspaper or book, the time in a
broadcast, the shelf mark in an archive.</li>
<li>Short passages, as a rule one to three sentences.</li>
<li>Words of any age, in any language.</li>
<li>Famous words that were never said by the person who is credited with them. They are marked as misattributed,
because they are looked up most of all.</li>
</ul>
<h2>Unnamed speakers</h2>
<p>Words of a speaker whom the source does not name get in with the description that the source gives, such as
“a senior official”, and with its reason for not giving the name. We do not guess who it was.</p>
<h2>What we leave out</h2>
<ul>
<li>Words whose source we could not look up.</li>
<li>What private people said in private.</li>
<li>Long passages and whole texts.</li>
</ul>
<p>Some sources cannot be made public. Of these, readers see only the kind of source and its date.</p>
<h2>What is missing</h2>
<p>No record is complete. The number of quotes on a speaker’s page says how many have been recorded, not how much the
speaker has said, and to be left out is no judgement on anybody.</p>
"""

CORRECTIONS = """
<p>A wrong quote does harm, so mistakes are put right as soon as we know of them.</p>
<h2>Tell us</h2>
<p>Every page has a link to report an error. Say what is wrong and, if you can, which source shows it. You need
not be the person quoted.</p>
<h2>What we do</h2>
<ul>
<li>We look at the source again. Wrong words, dates, names and positions are corrected on the page itself.</li>
<li>While a serious complaint is looked at, a quote can be held: it is then hidden at once from every page and list.</li>
<li>If the words turn out to be somebody else’s, the quote is marked as misattributed, and the reason is given.</li>
<li>If two records turn out to be one quote, they are joined, and the address of each leads to it.</li>
</ul>
<h2>Withdrawn quotes</h2>
<p>A quote that should not stand is withdrawn. It leaves all lists. Its address goes on answering, without the words
and the name, and says on which ground it was withdrawn: our error, misattributed, privacy, legal reasons, or a duplicate.
For reasons of privacy or law, the words can also be blanked for good.</p>
<h2>What stays</h2>
<p>Nothing that was published disappears without a trace, and every change is kept on file at the desk, with its date and
the editor who made it. Speakers and topics that are renamed can still be reached at their old addresses.</p>
"""

CONTACT = """
<p>Write to the address at the foot of every page. It reaches the editors’ desk.</p>
<h2>To report an error</h2>
<p>Give the address of the page, say what is wrong, and name the source that shows it. The link to report an error, which
is on every page, opens a message to the same address. <a href="/about/corrections/">Corrections</a> says what happens then.</p>
<h2>If you are quoted here</h2>
<p>Tell us when your words, your name or your position at that time are wrong, or when you did not say what a source says
you said. If you ask for a quote to be hidden, give your reason: the quote can be held while we look at it.</p>
<h2>To suggest a quote</h2>
<p>Please send all of these, as far as you know them:</p>
<ul>
<li>the words, exactly as the source gives them</li>
<li>who said them, and in which position</li>
<li>when and where they were said</li>
<li>the web address of the source, or the page, time or shelf mark where the words stand</li>
</ul>
<p>What gets in is explained under <a href="/about/inclusion/">inclusion</a>.</p>
<h2>Please do not send</h2>
<p>whole articles or recordings, or anything that others gave you in confidence. E-mail is not a safe way for secrets.</p>
"""

PAGES = (
    ("/about/", "About this site", ABOUT),
    ("/about/method/", "How a quote is recorded", METHOD),
    ("/about/inclusion/", "What gets in", INCLUSION),
    ("/about/corrections/", "Corrections", CORRECTIONS),
    ("/about/contact/", "Contact", CONTACT),
)


def name_the_site(apps, schema_editor):
    """Name the site after the settings, unless somebody has named it already."""
    Site = apps.get_model("sites", "Site")
    database = schema_editor.connection
    sites = Site.objects.using(database.alias)
    named = {"domain": urlsplit(settings.BASE_URL).netloc, "name": settings.SITE_NAME[:50]}
    if not sites.filter(pk=settings.SITE_ID).exists():
        sites.create(pk=settings.SITE_ID, **named)
        # The id was given, so PostgreSQL has to be told to count on from it.
        with database.cursor() as cursor:
            for statement in database.ops.sequence_reset_sql(no_style(), [Site]):
                cursor.execute(statement)
    sites.filter(pk=settings.SITE_ID, domain=_PLACEHOLDER).update(**named)


def add_pages(apps, schema_editor):
    pages = apps.get_model("flatpages", "FlatPage").objects.using(schema_editor.connection.alias)
    for url, title, content in PAGES:
        if not pages.filter(url=url).exists():
            page = pages.create(url=url, title=title, content=content.strip())
            page.sites.add(settings.SITE_ID)


def remove_pages(apps, schema_editor):
    pages = apps.get_model("flatpages", "FlatPage").objects.using(schema_editor.connection.alias)
    for url, title, content in PAGES:
        pages.filter(url=url, title=title, content=content.strip()).delete()


class Migration(migrations.Migration):
    dependencies = (
        ("tracker", "0001_initial"),
        ("flatpages", "0001_initial"),
        ("sites", "0002_alter_domain_unique"),
    )

    operations = (
        migrations.RunPython(name_the_site, migrations.RunPython.noop),
        migrations.RunPython(add_pages, remove_pages),
    )
