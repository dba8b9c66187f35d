"""What editors build a page from."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from needs.models import Project

TEXT_FEATURES = ["h3", "bold", "link", "ol", "ul", "document-link"]
PROJECT_NUMBER = 12  # letters and digits at most


class StepBlock(blocks.StructBlock):
    """One step of a procedure."""

    title = blocks.CharBlock(label=_("Title"), max_length=60)
    text = blocks.TextBlock(label=_("Text"))


class QuoteBlock(blocks.StructBlock):
    """What somebody said, and who, as far as it may be told."""

    text = blocks.TextBlock(label=_("Quote"), max_length=300)
    by = blocks.CharBlock(
        label=_("Who says so"),
        max_length=60,
        required=False,
        help_text=_("A role, not a name: “a social worker of the county”."),
    )

    class Meta:
        icon = "openquote"
        template = "site/blocks/quote.html"


class PictureBlock(blocks.StructBlock):
    """A picture with the words for those who can't see it."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("What the picture shows"),
        max_length=200,
        help_text=_("Read out to those who can't see it. No names."),
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        icon = "image"
        template = "site/blocks/picture.html"


class ProjectNumberBlock(blocks.CharBlock):
    """The number of a project that stands in public; once it is withdrawn, the block shows nothing."""

    def clean(self, value: Any) -> str:
        """Return the number in capitals; refuse one that no public project has."""
        number = str(super().clean(value)).strip().upper()
        if not Project.objects.public().filter(number=number).exists():
            raise ValidationError(_("No project in public has this number."))
        return number

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add the project, from those that the page has read at once."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["project"] = context.get("projects", {}).get(value)
        return context

    class Meta:
        icon = "link"
        template = "site/blocks/project.html"


class BodyBlock(blocks.StreamBlock):
    """The body of every editable page."""

    heading = blocks.CharBlock(
        label=_("Heading"), max_length=100, template="site/blocks/heading.html", icon="title"
    )
    text = blocks.RichTextBlock(
        label=_("Text"), features=TEXT_FEATURES, template="site/blocks/text.html", icon="pilcrow"
    )
    steps = blocks.ListBlock(StepBlock(), label=_("Steps"), template="site/blocks/steps.html", icon="list-ol")
    notice = blocks.RichTextBlock(
        label=_("Notice"), features=["bold", "link"], template="site/blocks/notice.html", icon="warning"
    )


class StoryBlock(BodyBlock):
    """The body of a story or a piece of news: quotes, pictures and projects besides."""

    quote = QuoteBlock(label=_("Quote"))
    picture = PictureBlock(label=_("Picture"))
    project = ProjectNumberBlock(label=_("Project"), max_length=PROJECT_NUMBER)
