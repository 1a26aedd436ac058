"""WeCom (企业微信): messages of an application of the zone's own to its people.

Documented at https://developer.work.weixin.qq.com/document/path/90236 (messages), 91039 (access
token) and 90313 (error codes), read 2026-11-21.
"""

import datetime as dt
import json
from typing import Any
from urllib.parse import urlencode

from lianqi.notices.channels.gateway import Away, NotTaken, Outgoing, post_json

# A text may have 2048 bytes; a Chinese character has three of them.
MOST_CHARACTERS = 650
# The token is asked for anew a little before it runs out.
EARLIER = dt.timedelta(minutes=5)
OK = 0
TOKEN_OVER = frozenset({40001, 40014, 42001})
TOO_OFTEN = frozenset({45009, 45033})
NO_SUCH_PERSON = frozenset({40003, 60111, 81013})
NOT_NOW = -1
# WeCom drops the same message within this time, so that one handed over twice arrives once.
SAME_WITHIN_SECONDS = 4 * 3600


class WecomApp:
    """The access token is kept in memory only, for as long as WeCom says it is valid."""

    is_simulated = False

    def __init__(
        self,
        *,
        corp_id: str,
        secret: str,
        agent_id: int,
        endpoint: str = "https://qyapi.weixin.qq.com",
    ) -> None:
        self.corp_id, self.secret = corp_id, secret
        self.agent_id, self.endpoint = agent_id, endpoint
        self.token, self.token_until = "", dt.datetime.min.replace(tzinfo=dt.UTC)

    def send(self, message: Outgoing, *, at: dt.datetime) -> str:
        said = self._send(message, at=at)
        if said.get("errcode") in TOKEN_OVER:
            self.token = ""  # another program asked for one, or WeCom took it back
            said = self._send(message, at=at)
        code = said.get("errcode")
        if code in TOO_OFTEN:
            raise Away(f"WeCom: {code}, too many messages", wait=dt.timedelta(minutes=10))
        if code in NO_SUCH_PERSON or (code == OK and said.get("invaliduser")):
            raise NotTaken(f"WeCom: {code}, no such person", is_final=True)
        if code == OK and said.get("unlicenseduser"):
            raise NotTaken("WeCom: the person has no licence", is_final=True)
        if code != OK:
            raise Away(f"WeCom: {code}")
        return str(said.get("msgid", ""))

    def close(self) -> None:
        """Nothing is held open; the token outlives the run."""

    def _send(self, message: Outgoing, *, at: dt.datetime) -> dict[str, Any]:
        query = urlencode({"access_token": self._access_token(at=at)})
        body = {
            "touser": message.address,
            "msgtype": "text",
            "agentid": self.agent_id,
            "text": {"content": message.in_one(MOST_CHARACTERS)},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": SAME_WITHIN_SECONDS,
        }
        url = f"{self.endpoint}/cgi-bin/message/send?{query}"
        headers = {"Content-Type": "application/json"}
        return post_json(url, json.dumps(body, ensure_ascii=False).encode(), headers)[1]

    def _access_token(self, *, at: dt.datetime) -> str:
        if self.token and at < self.token_until:
            return self.token
        query = urlencode({"corpid": self.corp_id, "corpsecret": self.secret})
        said = post_json(f"{self.endpoint}/cgi-bin/gettoken?{query}", b"", {}, method="GET")[1]
        if said.get("errcode") != OK or not said.get("access_token"):
            raise Away(f"WeCom gives no access token: {said.get('errcode')}")
        self.token = str(said["access_token"])
        lasts = dt.timedelta(seconds=int(said.get("expires_in", 0)))
        self.token_until = at + max(lasts - EARLIER, dt.timedelta(0))
        return self.token
