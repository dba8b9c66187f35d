"""What editors build a page from."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

TEXT_FEATURES = ["h3", "bold", "link", "ol", "ul", "document-link"]


class StepBlock(blocks.StructBlock):
    """One step of a procedure."""

    title = blocks.CharBlock(label=_("Title"), max_length=60)
    text = blocks.TextBlock(label=_("Text"))


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
