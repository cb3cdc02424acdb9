"""Every address of the site."""

from starlette.routing import Route

from bot.web import statics
from bot.web.api import events, jobs, maps, openapi, pictures, styles, works
from bot.web.pages import challenges, feeds, gallery, me, moderation, painting, sign_in, studio, style, unlisted, work

V1 = "/api/v1"


def api_routes() -> list[Route]:
    """What programs and the studio talk to; described in bot/web/api/openapi.py."""
    return [
        Route(f"{V1}/openapi.json", openapi.document),
        Route(f"{V1}/pictures", pictures.upload, methods=["POST"]),
        Route(f"{V1}/pictures/{{digest}}", pictures.picture),
        Route(f"{V1}/preview", pictures.preview, methods=["POST"]),
        Route(f"{V1}/jobs", jobs.create, methods=["POST"]),
        Route(f"{V1}/jobs", jobs.listed),
        Route(f"{V1}/jobs/{{id}}", jobs.show),
        Route(f"{V1}/jobs/{{id}}", jobs.delete, methods=["DELETE"]),
        Route(f"{V1}/jobs/{{id}}/cancel", jobs.cancel, methods=["POST"]),
        Route(f"{V1}/jobs/{{id}}/events", events.events),
        Route(f"{V1}/jobs/{{id}}/preview", jobs.preview),
        Route(f"{V1}/jobs/{{id}}/publish", jobs.publish, methods=["POST"]),
        Route(f"{V1}/jobs/{{id}}/map", maps.suggested),
        Route(f"{V1}/maps/suggest", maps.suggest, methods=["POST"]),
        Route(f"{V1}/maps/check", maps.check, methods=["POST"]),
        Route(f"{V1}/styles", styles.listed),
        Route(f"{V1}/styles", styles.add, methods=["POST"]),
        Route(f"{V1}/styles/{{style}}", styles.show),
        Route(f"{V1}/styles/{{style}}", styles.rename, methods=["PATCH"]),
        Route(f"{V1}/styles/{{style}}", styles.remove, methods=["DELETE"]),
        Route(f"{V1}/works", works.listed),
        Route(f"{V1}/works/{{id}}", works.show),
        Route(f"{V1}/works/{{id}}", works.unpublish, methods=["DELETE"]),
        Route(f"{V1}/works/{{id}}/vote", works.vote, methods=["POST"]),
        Route(f"{V1}/works/{{id}}/report", works.report, methods=["POST"]),
    ]


def page_routes() -> list[Route]:
    """What people see."""
    return [
        Route("/", gallery.wall),
        Route("/style/{style}", style.show),
        Route("/style/{style}/rename", style.rename, methods=["POST"]),
        Route("/style/{style}/delete", style.delete, methods=["POST"]),
        Route("/by/{name}", gallery.by),
        Route("/work/{id}", work.show),
        Route("/work/{id}/report", work.report, methods=["POST"]),
        Route("/work/{id}/vote", work.vote, methods=["POST"]),
        Route("/work/{id}/delete", work.delete, methods=["POST"]),
        Route("/work/{id}/edit", work.edit, methods=["POST"]),
        Route("/work/{id}/entry", challenges.vote, methods=["POST"]),
        Route("/oembed", work.oembed),
        Route("/p/{token}", unlisted.show),
        Route("/p/{token}/painting", unlisted.painting),
        Route("/p/{token}/doodle", unlisted.doodle),
        Route("/challenges", challenges.listed),
        Route("/challenge/{number:int}", challenges.show),
        Route("/feed.atom", feeds.atom),
        Route("/feed.json", feeds.json_feed),
        Route("/studio", studio.choose),
        Route("/studio/new", studio.bring),
        Route("/studio/{style}", studio.draw),
        Route("/link", sign_in.link),
        Route("/link", sign_in.follow, methods=["POST"]),
        Route("/sign-in", sign_in.begin),
        Route("/sign-in/back", sign_in.back),
        Route("/sign-out", sign_in.end, methods=["POST"]),
        Route("/me", me.show),
        Route("/me/token", me.make_token, methods=["POST"]),
        Route("/me/token/delete", me.revoke_token, methods=["POST"]),
        Route("/me/export", me.export),
        Route("/me/delete", me.delete, methods=["POST"]),
        Route("/painting/{id}", painting.show),
        Route("/painting/{id}/publish", painting.publish, methods=["POST"]),
        Route("/painting/{id}/delete", painting.delete, methods=["POST"]),
        Route("/moderation", moderation.show),
        Route("/moderation/act", moderation.act, methods=["POST"]),
        Route("/moderation/challenge", moderation.begin_challenge, methods=["POST"]),
        Route("/api", openapi.page),
        Route("/picture/{digest}", pictures.picture),
        Route("/static/{version}/{path:path}", statics.static),
    ]
