"""A page that carries its Chinese text and, beside it, the English."""

from typing import Any, ClassVar

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.site.blocks import BodyBlock


class BilingualPage(Page):
    """What every page of the site has. An empty English field falls back to the Chinese."""

    title_en = models.CharField(_("title in English"), max_length=255, blank=True)
    intro = models.TextField(_("introduction"), blank=True)
    intro_en = models.TextField(_("introduction in English"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    body_en = StreamField(BodyBlock(), verbose_name=_("body in English"), blank=True)

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("title_en"), FieldPanel("intro_en"), FieldPanel("body_en")], heading=_("English")
        ),
    ]

    class Meta:
        abstract = True

    def _shown(self, field: str) -> Any:
        in_english = (translation.get_language() or "").startswith("en")
        return (in_english and getattr(self, f"{field}_en")) or getattr(self, field)

    @property
    def shown_title(self) -> str:
        """The title in the reader's language."""
        return str(self._shown("title"))

    @property
    def shown_intro(self) -> str:
        """The introduction in the reader's language."""
        return str(self._shown("intro"))

    @property
    def shown_body(self) -> Any:
        """The body in the reader's language."""
        return self._shown("body")
