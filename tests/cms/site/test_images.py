"""What an editor uploads is kept without what the file said beside the picture, and without its name."""

import random
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow
from wagtail.images import get_image_model
from wagtail.models import Collection

from jiujinan.accounts.models import User
from needs.anonymise.pictures import is_bare_picture


@pytest.fixture
def editor(db: None, client: Client) -> Client:
    """Somebody who may do everything in the admin."""
    user = User.objects.create_superuser("root", "root@example.org", None)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def collection() -> str:
    """Return the key of the collection that every picture may stand in."""
    return str(Collection.get_first_root_node().pk)


def photo() -> bytes:
    """Return a JPEG with a comment."""
    file = BytesIO()
    Pillow.new("RGB", (20, 10), "white").save(file, format="JPEG", comment="大坪村王建国".encode())
    return file.getvalue()


def test_an_uploaded_picture_is_kept_bare_and_nameless(editor: Client) -> None:
    sent = SimpleUploadedFile("王建国住院.jpg", photo(), "image/jpeg")
    editor.post(
        reverse("wagtailimages:add"),
        {"title": "捐赠现场", "file": sent, "collection": collection()},
    )
    image = get_image_model().objects.get()
    data = image.file.read()
    assert is_bare_picture(data)
    assert "王建国".encode() not in data
    assert "王建国" not in image.file.name
    assert (image.width, image.height) == (20, 10)
    image.file.delete(save=False)


def test_what_is_no_picture_is_not_kept(editor: Client) -> None:
    sent = SimpleUploadedFile("a.png", "王建国".encode(), "image/png")
    editor.post(
        reverse("wagtailimages:add"),
        {"title": "a", "file": sent, "collection": collection()},
    )
    assert not get_image_model().objects.exists()


def broken(kind: str) -> list[bytes]:
    """Return a picture cut off, with bytes changed in its head and its data, and with a size that it has not."""
    file = BytesIO()
    Pillow.effect_noise((40, 30), 80).convert("RGB").save(file, format=kind)
    whole, dice = file.getvalue(), random.Random(5)
    cut = [whole[: len(whole) * part // 8] for part in range(1, 8)]
    changed = []
    for place in (9, 13, 17, 21, 29, 40, 60, len(whole) // 2, len(whole) - 9):
        noise = bytes(dice.randrange(256) for _ in range(4))
        changed.append(whole[:place] + noise + whole[place + 4 :])
    return [*cut, *changed]


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_broken_picture_is_answered_calmly_and_never_kept_as_it_came(editor: Client, kind: str) -> None:
    refused = 0
    for number, data in enumerate(broken(kind)):
        sent = SimpleUploadedFile(f"王建国{number}.{kind.lower()}", data, f"image/{kind.lower()}")
        answer = editor.post(
            reverse("wagtailimages:add"),
            {"title": f"{number}", "file": sent, "collection": collection()},
        )
        kept = get_image_model().objects.first()
        if kept is None:
            refused += 1
            assert answer.status_code == 200
            assert b"error" in answer.content
            assert "Traceback" not in answer.content.decode()
        else:  # what can still be drawn is drawn anew
            assert is_bare_picture(kept.file.read())
            assert "王建国" not in kept.file.name
            kept.file.delete(save=False)
            kept.delete()
    assert refused >= 8
