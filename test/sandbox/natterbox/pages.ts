import express, { type Router } from 'express';
import type { Org } from './org.ts';

/** The web pages of the org. */
export function orgPages(_org: Org): Router {
  return express.Router();
}
