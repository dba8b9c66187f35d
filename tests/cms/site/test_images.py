"""What an editor uploads is kept without what the file said beside the picture, and without its name."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow
from wagtail.images import get_image_model

from jiujinan.accounts.models import User
from needs.anonymise.pictures import is_bare_picture


@pytest.fixture
def editor(db: None, client: Client) -> Client:
    """Somebody who may do everything in the admin."""
    user = User.objects.create_superuser("root", "root@example.org", None)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def photo() -> bytes:
    """Return a JPEG with a comment."""
    file = BytesIO()
    Pillow.new("RGB", (20, 10), "white").save(file, format="JPEG", comment="大坪村王建国".encode())
    return file.getvalue()


def test_an_uploaded_picture_is_kept_bare_and_nameless(editor: Client) -> None:
    sent = SimpleUploadedFile("王建国住院.jpg", photo(), "image/jpeg")
    editor.post(reverse("wagtailimages:add"), {"title": "捐赠现场", "file": sent, "collection": "1"})
    image = get_image_model().objects.get()
    data = image.file.read()
    assert is_bare_picture(data)
    assert "王建国".encode() not in data
    assert "王建国" not in image.file.name
    assert (image.width, image.height) == (20, 10)
    image.file.delete(save=False)


def test_what_is_no_picture_is_not_kept(editor: Client) -> None:
    sent = SimpleUploadedFile("a.png", "王建国".encode(), "image/png")
    editor.post(reverse("wagtailimages:add"), {"title": "a", "file": sent, "collection": "1"})
    assert not get_image_model().objects.exists()
