// NestJS, with `rawBody` as its documentation has it. Decorators are called as functions: no compiler is needed.
import 'reflect-metadata';
import { Controller, Get, Module, Post, Query, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import express from 'express';
import { Receiver } from './receiver.mjs';

const receiver = new Receiver();

class Hooks {
  effects(id) {
    return String(receiver.count(id));
  }

  async hook(request, response) {
    const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const { status, text } = await receiver.receive(raw, request.headers);
    response.status(status).type('text').send(text);
  }
}
const decorate = (name, decorators, parameters) => {
  parameters.forEach((parameter, index) => parameter(Hooks.prototype, name, index));
  decorators.forEach((decorator) => decorator(Hooks.prototype, name, Object.getOwnPropertyDescriptor(Hooks.prototype, name)));
};
decorate('effects', [Get('effects')], [Query('id')]);
decorate('hook', [Post('hook')], [Req(), Res()]);
Controller()(Hooks);

class App {}
Module({ controllers: [Hooks] })(App);

const app = await NestFactory.create(App, { logger: false, bodyParser: false });
app.use(express.raw({ type: () => true, limit: '10mb' }));
await app.listen(Number(process.env.PORT ?? 0), '127.0.0.1');
console.log(`${(await app.getUrl()).replace('[::1]', '127.0.0.1')}/hook`);
