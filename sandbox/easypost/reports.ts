import type { FastifyInstance } from 'fastify';
import { ApiError, missingParameter, notFound } from './api-error.ts';
import { openCollection, type Entry } from './collection.ts';
import { isoTime } from './dates.ts';
import { listOf, textOf, type Fields } from './fields.ts';
import { created, ok, type Api, type ApiObject } from './http.ts';
import { page } from './pagination.ts';
import type { EasyPostState } from './state.ts';
import type { Shipments } from './shipments/shipments.ts';
import type { Trackers } from './tracking/trackers.ts';

interface Report {
  type: string;
  start_date: string;
  end_date: string;
  include_children: boolean;
  send_email: boolean;
  /** The file, as it was when the report was asked for. */
  csv: string;
  rows: number;
}

/** The id prefix of each type. */
const prefixes: Record<string, string> = {
  cash_flow: 'cfrep',
  insurance: 'insrep',
  payment_log: 'plrep',
  refund: 'refrep',
  shipment: 'shprep',
  shipment_invoice: 'shpinvrep',
  tracker: 'trkrep',
};

/** How long a report is `new`. Guess. */
const preparationMs = 1000;

interface Resources {
  shipments: Shipments;
  trackers: Trackers;
}

/** Reports as CSV files. Only those of shipments and trackers have rows; the others are empty. */
export function addReportRoutes(
  { state, addRoute, limitList }: Api,
  app: FastifyInstance,
  resources: Resources,
) {
  const collections = new Map(
    Object.entries(prefixes).map(([type, prefix]) => [
      type,
      openCollection<Report>(state, `report-${type}`, prefix),
    ]),
  );
  const collectionOf = (type: string) => {
    const found = collections.get(type);
    if (found === undefined) throw notFound();
    return found;
  };
  const findAnywhere = (id: string) =>
    [...collections.values()].flatMap((each) => each.all()).find((entry) => entry.id === id);
  const render = (entry: Entry<Report>) => renderReport(state, entry);

  addRoute('POST', '/v2/reports/:id', ({ caller, id: type, body }) => {
    const reports = collectionOf(type);
    const [start, end] = ['start_date', 'end_date'].map((name) => {
      const date = textOf(body, name);
      if (!date) throw missingParameter(name);
      return date;
    });
    const same = reports
      .list(caller)
      .find((entry) => entry.body.start_date === start && entry.body.end_date === end);
    if (same !== undefined) {
      // Recorded.
      throw new ApiError(
        409,
        'REPORT.ALREADY_EXISTS',
        'The report already exists please use id to find report',
        [{ field: 'existing_report', id: same.id }],
      );
    }
    const isWithin = ({ created: time }: Entry<unknown>) =>
      start! <= isoTime(time).slice(0, 10) && isoTime(time).slice(0, 10) <= end!;
    const rows = rowsOf(type, resources, caller, isWithin);
    const columns = [
      ...Object.keys(rows[0] ?? { id: '' }),
      ...listOf(body, 'additional_columns').map(String),
    ];
    const lines = [columns, ...rows.map((row) => columns.map((name) => String(row[name] ?? '')))];
    const entry = reports.add(caller, {
      type,
      start_date: start!,
      end_date: end!,
      include_children: body.include_children === true,
      send_email: body.send_email === true,
      csv: lines.map((cells) => cells.map(csvCell).join(',')).join('\n'),
      rows: rows.length,
    });
    state.emit(caller, 'report.new', render(entry));
    return created(render(entry));
  });

  // One path for both: the list of a type, and a report by its id.
  addRoute('GET', '/v2/reports/:id', ({ caller, id, query }) => {
    const reports = collections.get(id);
    if (reports !== undefined) {
      limitList(caller);
      return page(state, reports.list(caller), query, 'reports', render);
    }
    const type = findAnywhere(id)?.body.type;
    return ok(render(collectionOf(type ?? '').get(caller, id)));
  });

  app.get<{ Params: { id: string } }>('/reports/:id.csv', async (request, reply) => {
    const entry = findAnywhere(request.params.id);
    if (entry === undefined) throw notFound();
    return reply.type('text/csv').send(entry.body.csv);
  });
}

function renderReport({ clock, url }: EasyPostState, entry: Entry<Report>): ApiObject {
  const { start_date, end_date, include_children, send_email, rows } = entry.body;
  const isReady = clock.now() >= entry.created + preparationMs;
  const isAvailable = isReady && rows > 0;
  return {
    id: entry.id,
    object: `${entry.body.type.replace(/(^|_)(.)/g, (_, __, letter: string) => letter.toUpperCase())}Report`,
    mode: entry.mode,
    created_at: isoTime(entry.created),
    updated_at: isoTime(entry.updated),
    start_date,
    end_date,
    include_children,
    send_email,
    status: !isReady ? 'new' : isAvailable ? 'available' : 'empty',
    url: isAvailable ? `${url()}/reports/${entry.id}.csv` : null,
    url_expires_at: isAvailable ? isoTime(clock.now() + 30_000) : null,
  };
}

function rowsOf(
  type: string,
  { shipments, trackers }: Resources,
  caller: Parameters<Shipments['list']>[0],
  isWithin: (entry: Entry<unknown>) => boolean,
): Fields[] {
  if (type === 'shipment') {
    return shipments
      .list(caller)
      .filter((entry) => isWithin(entry) && entry.body.label !== null)
      .map((entry) => ({
        id: entry.id,
        created_at: isoTime(entry.created),
        tracking_code: entry.body.label!.tracking_code,
        carrier: entry.body.label!.rate.carrier,
        service: entry.body.label!.rate.service,
        rate: entry.body.label!.rate.rate,
      }));
  }
  if (type === 'tracker') {
    return trackers
      .list(caller)
      .filter(isWithin)
      .map((entry) => ({
        id: entry.id,
        created_at: isoTime(entry.created),
        tracking_code: entry.body.tracking_code,
        carrier: entry.body.carrier,
        status: trackers.progress(entry).status,
      }));
  }
  return [];
}

const csvCell = (text: string) => (/[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
