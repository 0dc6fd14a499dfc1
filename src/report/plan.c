/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/calibration.h"
#include "report/figure.h"
#include "report/number.h"
#include "report/plan.h"
#include "report/plan-clients.h"
#include "report/plan-waits.h"
#include "report/verdicts.h"

/* What 'migcost plan' says. */

#define NAMES_SHOWN 8
/* Less than this is nothing. */
#define LOSS_SHOWN_S 0.005

MigForecast
mig_plan_forecast (const MigPlanReport *report, const MigOrder *order)
{
  return (MigForecast){ report->model, report->fleet, order,
                        order == &report->plan->best ? report->lower_bound : NULL };
}

MigPredicted
mig_plan_predict (const MigPlanReport *report, guint i, MigQuantity quantity)
{
  MigForecast of_plan = mig_plan_forecast (report, &report->plan->best);
  return mig_forecast_move (&of_plan, i, quantity);
}

double
mig_plan_sent_bytes (const MigPlanReport *report, const MigOrder *order, guint i)
{
  const MigFleetVm *vm = mig_fleet_vm (report->fleet, g_array_index (order->moves, MigMove, i).vm);

  return g_array_index (order->costs, MigMoveCost, i).sent_bytes +
         mig_model_disk_bytes (report->model, vm);
}

/* copies_disks: any of the plan's migrations does. */
static gboolean
copies_disks (const MigOrder *order)
{
  for (guint i = 0; i < order->costs->len; i++)
    if (g_array_index (order->costs, MigMoveCost, i).disk_s > 0)
      return TRUE;
  return FALSE;
}

/* begin_moves: its heading; disks: with their column. */
static MigGrid *
begin_moves (gboolean disks)
{
  static const char *const heads[] = { "group", "VM", "from", "to", "start, s", "time, s", NULL };
  MigGrid *grid = mig_grid_new (disks ? "rlllrrrrrr" : "rlllrrrrr", heads);

  if (disks)
    mig_grid_text (grid, "disks, s");
  mig_grid_text (grid, "downtime, s");
  mig_grid_text (grid, "its lost work, s");
  mig_grid_text (grid, "rounds");
  return grid;
}

/* moves: a row per migration of the plan. */
static MigGrid *
moves (const MigPlanReport *report)
{
  const MigOrder *best = &report->plan->best;
  gboolean disks = copies_disks (best);
  MigGrid *grid = begin_moves (disks);

  for (guint i = 0; i < best->moves->len; i++)
    {
      const MigMove *move = &g_array_index (best->moves, MigMove, i);
      const MigMoveCost *cost = &g_array_index (best->costs, MigMoveCost, i);
      const MigFleetVm *vm = mig_fleet_vm (report->fleet, move->vm);
      mig_grid_count (grid, move->group + 1);
      mig_grid_text (grid, vm->name);
      mig_grid_text (
          grid, mig_fleet_host (report->fleet, mig_order_source (best, report->fleet, i))->name);
      mig_grid_text (grid, mig_fleet_host (report->fleet, move->to)->name);
      if (cost->start_s > 0)
        mig_grid_predicted (grid, mig_plan_predict (report, i, MIG_QUANTITY_START));
      else
        mig_grid_measure (grid, cost->start_s);
      mig_grid_predicted (grid, mig_plan_predict (report, i, MIG_QUANTITY_TOTAL_TIME));
      if (disks)
        mig_grid_measure (grid, cost->disk_s);
      mig_grid_predicted (grid, mig_plan_predict (report, i, MIG_QUANTITY_DOWNTIME));
      mig_grid_around (grid, mig_plan_predict (report, i, MIG_QUANTITY_LOST_WORK));
      mig_grid_count (grid, cost->rounds);
    }
  return grid;
}

typedef struct {
  guint vm;
  double lost_s;
} Loss;

static int
compare_losses (gconstpointer a, gconstpointer b)
{
  double x = fabs (((const Loss *) a)->lost_s), y = fabs (((const Loss *) b)->lost_s);
  return (x < y) - (x > y);
}

/* losses_staying: of VMs that do not move, where it is not nothing; the largest first. */
static GArray *
losses_staying (const MigPlanReport *report)
{
  const MigOrder *best = &report->plan->best;
  g_autofree gboolean *moving = g_new0 (gboolean, report->fleet->vms->len);
  GArray *losses = g_array_new (FALSE, FALSE, sizeof (Loss));

  for (guint i = 0; i < best->moves->len; i++)
    moving[g_array_index (best->moves, MigMove, i).vm] = TRUE;
  for (guint i = 0; i < report->fleet->vms->len; i++)
    {
      Loss loss = { i, g_array_index (best->lost, double, i) };
      if (!moving[i] && fabs (loss.lost_s) >= LOSS_SHOWN_S)
        g_array_append_val (losses, loss);
    }
  g_array_sort (losses, compare_losses);
  return losses;
}

static void
add_staying (MigBlock *parent, const MigPlanReport *report)
{
  g_autoptr (GArray) losses = losses_staying (report);
  const MigForecast of_plan = mig_plan_forecast (report, &report->plan->best);

  if (losses->len == 0)
    return;
  MigGrid *grid = mig_grid_new ("llr", (const char *const[]){ "VM", "on", "lost work, s", NULL });
  for (guint i = 0; i < losses->len && i < NAMES_SHOWN; i++)
    {
      const Loss *loss = &g_array_index (losses, Loss, i);
      const MigFleetVm *vm = mig_fleet_vm (report->fleet, loss->vm);
      mig_grid_text (grid, vm->name);
      mig_grid_text (grid, mig_fleet_host (report->fleet, vm->host)->name);
      mig_grid_around (grid, mig_forecast_lost (&of_plan, loss->vm));
    }
  MigBlock *section = mig_block_section (parent, NULL,
                                         "Lost work of those that stay (negative: they gain)");
  mig_block_table (section, grid);
  if (losses->len > NAMES_SHOWN)
    mig_block_paragraph (section, MIG_ROLE_META, "and %u more VMs that lose or gain less.",
                         losses->len - NAMES_SHOWN);
}

/* add_skipped: VMs that cannot be moved, and why. */
static void
add_skipped (MigBlock *parent, const MigPlanReport *report)
{
  const GPtrArray *skipped = report->plan->skipped;

  if (skipped->len == 0)
    return;
  MigBlock *section = mig_block_section (parent, "skipped", "VMs that cannot be moved and stay");
  for (guint i = 0; i < skipped->len; i++)
    {
      const MigObstacle *obstacle = skipped->pdata[i];
      const MigFleetVm *vm = mig_fleet_vm (report->fleet, obstacle->vm);
      mig_block_item (section, "%s, on %s: %s", vm->name,
                      mig_fleet_host (report->fleet, vm->host)->name, obstacle->reason);
    }
}

static void
add_order (MigGrid *grid, const MigPlanReport *report, const MigOrder *order)
{
  static const MigQuantity shown[] = { MIG_QUANTITY_WALL_TIME, MIG_QUANTITY_DOWNTIME,
                                       MIG_QUANTITY_WORST_DOWNTIME };
  MigForecast of_order = mig_plan_forecast (report, order);

  mig_grid_text (grid, order->name);
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    mig_grid_predicted (grid, mig_forecast_case (&of_order, shown[i]));
  mig_grid_around (grid, mig_forecast_case (&of_order, MIG_QUANTITY_LOST_WORK));
  mig_grid_text (grid, order->allowed ? "" : "against a limit");
}

/* orders: the plan, then what people do. */
static MigGrid *
orders (const MigPlanReport *report)
{
  static const char *const heads[] = { "order",    "whole time, s",       "downtime, s",
                                       "worst, s", "lost work of all, s", "",
                                       NULL };
  MigGrid *grid = mig_grid_new ("lrrrrl", heads);

  add_order (grid, report, &report->plan->best);
  for (guint i = 0; i < report->plan->others->len; i++)
    add_order (grid, report, report->plan->others->pdata[i]);
  return grid;
}

/* add_bandwidth: which limit costs least; where limits were tried. */
static void
add_bandwidth (MigBlock *parent, const MigPlanReport *report)
{
  MigBlock *section = mig_block_section (parent, NULL, "Bandwidth");
  const MigBandwidth *none = &g_array_index (report->bandwidths, MigBandwidth, 0), *best = none;
  double cap = report->model->cap_bytes_per_s;

  for (guint i = 0; i < report->bandwidths->len; i++)
    if (g_array_index (report->bandwidths, MigBandwidth, i).cap_bytes_per_s == cap)
      best = &g_array_index (report->bandwidths, MigBandwidth, i);
  if (best == none)
    {
      mig_block_paragraph (section, MIG_ROLE_PLAIN,
                           "None of the %u limits tried costs less than no limit.",
                           report->bandwidths->len);
      return;
    }
  g_autofree char *value = mig_number_measure (best->value), *rate = mig_number_measure (cap / 1e6),
                  *unlimited = mig_number_measure (none->value);
  mig_block_paragraph (
      section, MIG_ROLE_PLAIN,
      "%s MB/s per migration costs least of %u limits tried: %s instead of %s without a limit%s.",
      rate, report->bandwidths->len, value, unlimited,
      report->plan->objective.lost > 0
          ? ", where lost work is what the migrations take, not where the VMs are"
          : "");
}

static void
add_optimality (MigBlock *section, const MigPlan *plan)
{
  double value = mig_objective_value (&plan->objective, &plan->best.cost);
  double gap = value > 0 ? (value - plan->bound) / value : 0;

  if (plan->exact)
    mig_block_item (section, "The optimum by the model: all orders were considered.");
  else if (isnan (plan->bound))
    mig_block_item (section, "The best order found; its distance from the optimum is unknown for "
                             "this task and objective.");
  else
    {
      g_autofree char *bound = mig_number_measure (plan->bound), *most = mig_number (100 * gap, 1);
      mig_block_item (
          section,
          "The best order found; no order can be below %s, so at most %s %% can be gained.", bound,
          most);
    }
}

/* add_quality: how good the plan is and how far to trust its figures. */
static void
add_quality (MigBlock *parent, const MigPlanReport *report)
{
  MigBlock *section = mig_block_section (parent, "quality", "Optimality");

  add_optimality (section, report->plan);
  if (report->scale)
    mig_block_item (section,
                    "The VMs are at scale %s, as they were measured, and so are their "
                    "seconds: at full size they take longer.",
                    report->scale);
  if (!report->calibration)
    mig_block_item (section, "The model is not calibrated: compare the orders, do not trust the "
                             "seconds. --calibrate=DIR takes measured migrations.");
  else if (isnan (mig_model_time_factor (report->model)))
    mig_block_item (section, "No intervals: too few measured migrations.");
  else
    mig_block_item (section, "In brackets or after ±: 95 %% intervals, by the model's error in "
                             "cases that it had not seen.");
  mig_block_items (mig_block_section (mig_block_is_page (parent) ? section : parent, NULL,
                                      "What was not measured"),
                   report->assumed);
}

static void
add_figures (MigBlock *section, const GPtrArray *figures, const char *why_not)
{
  if (why_not)
    mig_block_span (mig_block_add (section, MIG_BLOCK_WARNING), "%s", why_not);
  for (guint i = 0; figures && i < figures->len; i++)
    {
      const MigFigure *figure = figures->pdata[i];
      if (figure->svg)
        mig_block_figure (section, figure->id, figure->svg, figure->caption)->wide = TRUE;
    }
}

/* add_nothing: where no VM moves: who stays, and why. */
static void
add_nothing (MigBlock *body, const MigPlanReport *report, const char *task)
{
  gboolean page = mig_block_is_page (body);

  if (page)
    mig_block_paragraph (body, MIG_ROLE_ANSWER, "%s", mig_plan_nothing (report));
  else
    mig_block_paragraph (body, MIG_ROLE_PLAIN, "%s.", task);
  add_skipped (body, report);
  mig_block_items (mig_block_section (body, NULL, "What was not measured"), report->assumed);
}

static void
add_plan (MigBlock *body, const MigPlanReport *report, const char *task, const GPtrArray *figures,
          const char *why_not)
{
  g_autofree char *why = mig_plan_why (report);
  gboolean page = mig_block_is_page (body);

  if (page)
    {
      MigBlock *answer = mig_block_paragraph (body, MIG_ROLE_ANSWER, "%s", "");
      mig_block_strong (answer, "Why this one?");
      mig_block_span (answer, " %s", why);
    }
  MigBlock *section = mig_block_section (body, "plan", "%s", page ? "Which VM when" : task);
  add_figures (section, figures, why_not);
  mig_block_table (section, moves (report));
  mig_plan_clients_add (page ? section : body, report);
  mig_plan_waits_add (page ? section : body, report);
  add_skipped (page ? section : body, report);
  add_staying (section, report);
  if (!page)
    mig_block_paragraph (mig_block_section (body, NULL, "Why"), MIG_ROLE_PLAIN, "%s", why);
  MigBlock *others = mig_block_section (body, "others", "Compared with common orders");
  mig_block_table (others, orders (report));
  if (report->bandwidths)
    add_bandwidth (others, report);
  add_quality (body, report);
}

static char *
render (const MigPlanReport *report, MigMedium medium, const GPtrArray *figures,
        const char *why_not)
{
  char *title = report->plan ? mig_plan_task_line (report)
                : report->calibration
                    ? mig_calibration_line (report->calibration, report->directory)
                    : g_strdup ("No plan");
  g_autoptr (MigDocument)
      document = mig_document_new (medium, "What live migration will cost", title);

  document->heading = g_strdup (report->plan ? "Plan of migrations" : "Calibration of the model");
  if (medium == MIG_MEDIUM_PAGE)
    mig_block_paragraph (document->head, MIG_ROLE_PLAIN, "%s", title);
  if (report->calibration && medium == MIG_MEDIUM_TERMINAL)
    mig_calibration_add (document->body, report->calibration, report->directory);
  mig_verdicts_add (document->body, report->verdicts);
  if (report->plan && mig_plan_nothing (report))
    add_nothing (document->body, report, title);
  else if (report->plan)
    add_plan (document->body, report, title, figures, why_not);
  if (report->calibration && medium == MIG_MEDIUM_PAGE)
    mig_calibration_add (document->body, report->calibration, report->directory);
  return mig_document_render (document);
}

char *
mig_plan_text (const MigPlanReport *report)
{
  return render (report, MIG_MEDIUM_TERMINAL, NULL, NULL);
}

char *
mig_plan_html (const MigPlanReport *report, const GPtrArray *figures, const char *why_not)
{
  return render (report, MIG_MEDIUM_PAGE, figures, why_not);
}
