"""Who may do what on the site's pages: editors write and send, moderators look and publish."""

from django.contrib.auth.models import Group, Permission
from wagtail.images.models import Image
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from jiujinan.accounts.services import EDITORS_GROUP, MODERATORS_GROUP

PAGE_RIGHTS = {
    EDITORS_GROUP: ("add_page", "change_page"),
    MODERATORS_GROUP: ("add_page", "change_page", "publish_page"),
}
PICTURE_RIGHTS = ("add_image", "change_image", "choose_image")
ROOT_PAGE, ROOT_COLLECTION, ROOT_OF_WAGTAIL = "网站", "全部图片", "Root"
WORKFLOW, OF_WAGTAIL = "内容审核", "Moderators approval"  # ours, and as Wagtail's own migration names it


def install_workflow() -> None:
    """Give both groups their rights on every page, and let every page pass the moderators; twice does no harm."""
    root = Page.get_first_root_node()
    for name, rights in PAGE_RIGHTS.items():
        group = Group.objects.get_or_create(name=name)[0]
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        for right in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=rights):
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=right)
        _allow_pictures(group)
    for kind in (Workflow, GroupApprovalTask):
        kind.objects.filter(name=OF_WAGTAIL).update(name=WORKFLOW)
    workflow = Workflow.objects.get_or_create(name=WORKFLOW)[0]
    task = GroupApprovalTask.objects.get_or_create(name=WORKFLOW)[0]
    task.groups.set([Group.objects.get(name=MODERATORS_GROUP)])
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    if not WorkflowPage.objects.filter(page=root).exists():
        WorkflowPage.objects.create(page=root, workflow=workflow)


def name_roots() -> None:
    """Name what stands above all pages and all pictures in the editors' language, where Wagtail's name still stands."""
    Page.objects.filter(depth=1, title=ROOT_OF_WAGTAIL).update(title=ROOT_PAGE, draft_title=ROOT_PAGE)
    Collection.objects.filter(depth=1, name=ROOT_OF_WAGTAIL).update(name=ROOT_COLLECTION)


def _allow_pictures(group: Group) -> None:
    collection = Collection.get_first_root_node() or Collection.add_root(name=ROOT_OF_WAGTAIL)
    rights = Permission.objects.filter(
        content_type__app_label=Image._meta.app_label, codename__in=PICTURE_RIGHTS
    )
    for right in rights:
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=right)
