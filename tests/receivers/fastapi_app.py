"""FastAPI. `await request.body()` is the body as it came."""

import asyncio
import os
import socket

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse

from receiver import Receiver

app = FastAPI()
receiver = Receiver()


@app.post("/hook")
async def hook(request: Request):
    raw = await request.body()
    status, text = await asyncio.to_thread(receiver.receive, raw, request.headers)
    return PlainTextResponse(text, status)


@app.get("/effects")
async def effects():
    return PlainTextResponse(str(receiver.effects))


listening = socket.create_server(("127.0.0.1", int(os.environ.get("PORT", 0))), backlog=128)
print(f"http://127.0.0.1:{listening.getsockname()[1]}/hook", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="critical")).run(sockets=[listening])
