"""The client's edge: whatever goes wrong while an interaction is answered becomes one sentence for the person."""

from collections.abc import Awaitable

import discord
import structlog

from bot.desk import OutOfReachError, RefusedError, UnknownJobError
from bot.discord.answering import NONE, Answer, TakenError
from bot.discord.lengths import cut
from bot.discord.patience import CUT, passing
from bot.discord.reasons import refusal
from bot.discord.troubles import Trouble, TroubleError
from worker.contract import ContractError, PictureError

log = structlog.get_logger(__name__)

TELLS = (TroubleError, RefusedError, UnknownJobError, OutOfReachError, ContractError)


async def handled(answer: Answer, work: Awaitable[None]) -> None:
    """The client's edge: whatever `work` raises becomes one sentence for the person."""
    with answer.interaction.client.at_work():
        told_all = True
        try:
            await work
        except TakenError:
            pass
        except Exception as error:  # noqa: BLE001  # the client handler's edge: a sentence, and the trace in the log
            told_all = await _tell(answer, error)
        if told_all:
            await answer.done()
        else:
            answer.leave()


async def _tell(answer: Answer, error: Exception) -> bool:
    """False when it may be told later."""
    text = told(error, answer.language, answer.interaction.id)
    if not isinstance(error, TELLS):
        log.error("interaction_failed", interaction=answer.interaction.id, exc_info=error)
    try:
        if not answer.interaction.response.is_done() and not answer.thinks and answer.before is None:
            await answer.interaction.response.send_message(cut(text), ephemeral=True, allowed_mentions=NONE)
        else:
            await answer.whisper(text)
    except TakenError:
        pass
    except (OutOfReachError, TroubleError) as failed:  # of the note that a whisper leaves
        log.warning("trouble_untold", interaction=answer.interaction.id, reason=str(failed))
        return False
    except (discord.HTTPException, *CUT) as failed:
        log.warning("trouble_untold", interaction=answer.interaction.id, reason=str(failed))
        return not passing(failed)
    return True


def told(error: BaseException, language: str, number: int) -> str:
    """What a person reads; `number` finds the log's line."""
    if isinstance(error, TroubleError):
        return error.told(language)
    if isinstance(error, RefusedError | PictureError):
        return refusal(error, language)
    if isinstance(error, UnknownJobError):
        return TroubleError(Trouble.JOB_GONE).told(language)
    if isinstance(error, OutOfReachError | ContractError):
        return TroubleError(Trouble.OUT_OF_REACH).told(language)
    return TroubleError(Trouble.FAULT, number=number).told(language)
