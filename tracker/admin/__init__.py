"""The editors' desk: everything is entered and corrected here. It changes records through their models' verbs alone."""

import django_tasks_db.admin  # noqa: F401 - which registers what editors need not see
from django.contrib import admin
from django.contrib.flatpages.models import FlatPage
from django_tasks_db.models import DBTaskResult

from tracker.models import (
    Article,
    Claim,
    Correction,
    DoubtedCitation,
    Job,
    Occasion,
    Position,
    Publisher,
    Quote,
    QuoteLink,
    Review,
    Scale,
    Speaker,
    Topic,
    Verdict,
)

from .checks import CheckAdmin
from .claims import ClaimAdmin
from .corrections import CorrectionAdmin
from .jobs import JobAdmin
from .links import QuoteLinkAdmin
from .occasions import OccasionAdmin, TopicAdmin
from .pages import PageAdmin
from .quotes import QuoteAdmin
from .reviews import ReviewAdmin
from .site import arrange
from .sources import ArticleAdmin, PublisherAdmin
from .speakers import PositionAdmin, SpeakerAdmin
from .verdicts import ScaleAdmin, VerdictAdmin

__all__: list[str] = []

arrange(admin.site)
admin.site.unregister(FlatPage)  # as django.contrib.flatpages registers it
admin.site.register(FlatPage, PageAdmin)
admin.site.unregister(DBTaskResult)  # they read jobs
admin.site.register(Article, ArticleAdmin)
admin.site.register(Claim, ClaimAdmin)
admin.site.register(Correction, CorrectionAdmin)
admin.site.register(DoubtedCitation, CheckAdmin)
admin.site.register(Job, JobAdmin)
admin.site.register(Occasion, OccasionAdmin)
admin.site.register(Position, PositionAdmin)
admin.site.register(Publisher, PublisherAdmin)
admin.site.register(Quote, QuoteAdmin)
admin.site.register(QuoteLink, QuoteLinkAdmin)
admin.site.register(Review, ReviewAdmin)
admin.site.register(Scale, ScaleAdmin)
admin.site.register(Speaker, SpeakerAdmin)
admin.site.register(Topic, TopicAdmin)
admin.site.register(Verdict, VerdictAdmin)
