/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "cli/plan-study.h"
#include "study/study.h"

/* Below this share of a CPU a VM that updates nothing is idle. */
#define IDLE_CPU 0.1

/* A case: an order, with the names of all that are the same. */
typedef struct {
  const MigOrder *order;
  GString *name; /* "plan, by name" */
} PlanCase;

static void
free_case (gpointer data)
{
  PlanCase *self = data;
  g_string_free (self->name, TRUE);
  g_free (self);
}

/* --- which orders --- */

static gboolean
add_none (const MigPlanStudy *self, GPtrArray *orders, GPtrArray **made, GError **error)
{
  return TRUE;
}

static gboolean
add_customary (const MigPlanStudy *self, GPtrArray *orders, GPtrArray **made, GError **error)
{
  g_ptr_array_extend (orders, self->plan->others, NULL, NULL);
  return TRUE;
}

static gboolean
add_all (const MigPlanStudy *self, GPtrArray *orders, GPtrArray **made, GError **error)
{
  g_ptr_array_extend (orders, self->plan->others, NULL, NULL);
  *made = mig_plan_orders (self->model, self->fleet, self->task, self->plan, error);
  if (*made)
    g_ptr_array_extend (orders, *made, NULL, NULL);
  return *made != NULL;
}

static const struct {
  const char *name;
  gboolean (*add) (const MigPlanStudy *self, GPtrArray *orders, GPtrArray **made, GError **error);
} alternatives[] = { { "customary", add_customary }, { "none", add_none }, { "all", add_all } };

const char *
mig_plan_alternatives (guint index)
{
  return index < G_N_ELEMENTS (alternatives) ? alternatives[index].name : NULL;
}

/* find_orders: the plan, then the others. made: what has to be freed behind them; may become NULL.
 */
static GPtrArray *
find_orders (const MigPlanStudy *self, GPtrArray **made, GError **error)
{
  g_autoptr (GPtrArray) orders = g_ptr_array_new ();

  g_ptr_array_add (orders, (gpointer) &self->plan->best);
  for (guint i = 0; i < G_N_ELEMENTS (alternatives); i++)
    if (g_strcmp0 (self->alternatives ? self->alternatives : alternatives[0].name,
                   alternatives[i].name) == 0)
      return alternatives[i].add (self, orders, made, error) ? g_steal_pointer (&orders) : NULL;
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
               "--alternatives: unknown value '%s'; expected customary, none or all",
               self->alternatives);
  return NULL;
}

/* to_cases: each order once. */
static GPtrArray *
to_cases (const MigPlanStudy *self, const GPtrArray *orders)
{
  GPtrArray *cases = g_ptr_array_new_with_free_func (free_case);

  for (guint i = 0; i < orders->len; i++)
    {
      const MigOrder *order = orders->pdata[i];
      PlanCase *known = NULL;
      for (guint j = 0; j < cases->len && !known; j++)
        if (mig_order_same (self->fleet, ((PlanCase *) cases->pdata[j])->order, order))
          known = cases->pdata[j];
      if (known && i <= self->plan->others->len) /* the plan and what people do; a number adds
                                                    nothing to them */
        g_string_append_printf (known->name, ", %s", order->name);
      if (known)
        continue;
      known = g_new0 (PlanCase, 1);
      *known = (PlanCase){ order, g_string_new (order->name) };
      g_ptr_array_add (cases, known);
    }
  return cases;
}

/* --- cases --- */

/* add_duration: an attribute, where it is known. */
static void
add_duration (GString *xml, const char *name, gint64 ns)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!MIG_IS_MISSING (ns))
    g_string_append_printf (
        xml, " %s=\"%s s\"", name,
        g_ascii_formatd (text, sizeof text, "%.6g", (double) ns / MIG_NS_PER_S));
}

/* printable: no control characters, which XML cannot have; nothing that is markup. */
static char *
printable (const char *text)
{
  g_autofree char *clean = g_utf8_make_valid (text, -1);

  for (char *p = clean; *p; p++)
    if (g_ascii_iscntrl (*p))
      *p = '?';
  return g_markup_escape_text (clean, -1);
}

static void
add_prediction (GString *xml, const MigPlanStudy *self, const PlanCase *of)
{
  const MigForecast forecast = { self->model, self->fleet, of->order,
                                 of->order == &self->plan->best ? self->lower_bound : NULL };
  g_autoptr (GArray) records = mig_forecast_records (&forecast, NULL, NULL, NULL);
  g_autofree char *calibrated = self->calibrated ? printable (self->calibrated) : NULL;

  g_string_append_printf (xml, "\n      <prediction order=\"%s\" model=\"migcost %s, %s%s\">\n",
                          of->name->str, PACKAGE_VERSION,
                          calibrated ? "calibrated with " : "not calibrated",
                          calibrated ? calibrated : "");
  for (guint i = 0; i < records->len; i++)
    {
      const MigPredictionRecord *record = &g_array_index (records, MigPredictionRecord, i);
      if (record->guest)
        g_string_append_printf (xml, "        <move guest=\"%s\" quantity=\"%s\"", record->guest,
                                record->quantity);
      else
        g_string_append_printf (xml, "        <case quantity=\"%s\"", record->quantity);
      add_duration (xml, "value", record->value_ns);
      add_duration (xml, "low", record->low_ns);
      add_duration (xml, "high", record->high_ns);
      g_string_append (xml, "/>\n");
    }
  g_string_append (xml, "      </prediction>\n    ");
}

static void
add_case (GString *xml, const MigPlanStudy *self, const PlanCase *of)
{
  const GArray *moves = of->order->moves;

  g_string_append (xml, "    <sequence>");
  for (guint i = 0; i < moves->len; i++)
    {
      const MigMove *move = &g_array_index (moves, MigMove, i);
      gboolean first = i == 0, together = !first && (move - 1)->group == move->group;
      g_string_append_printf (xml, "%s%s&gt;%s",
                              first      ? ""
                              : together ? "+"
                                         : " ",
                              mig_fleet_vm (self->fleet, move->vm)->name,
                              mig_fleet_host (self->fleet, move->to)->name);
    }
  add_prediction (xml, self, of);
  g_string_append (xml, "</sequence>\n");
}

static gboolean
add_cases (GString *xml, const MigPlanStudy *self, GError **error)
{
  g_autoptr (GPtrArray) made = NULL;
  g_autoptr (GPtrArray) orders = find_orders (self, &made, error);
  g_autoptr (GPtrArray) cases = orders ? to_cases (self, orders) : NULL;

  if (!cases)
    return FALSE;
  g_string_append (xml, "  <cases>\n");
  for (guint i = 0; i < cases->len; i++)
    add_case (xml, self, cases->pdata[i]);
  g_string_append (xml, "  </cases>\n");
  return TRUE;
}

/* --- hosts and guests --- */

static void
add_workload (GString *xml, const MigFleetVm *vm)
{
  g_string_append_printf (xml, "  <workload name=\"%s\" type=\"", vm->name);
  if (vm->dirty_pages_per_s >= 1)
    g_string_append_printf (xml, "memory\" wss=\"%.0f B\" rate=\"%.0f\"/>\n", vm->wss_bytes,
                            vm->dirty_pages_per_s);
  else
    g_string_append_printf (xml, "%s\"/>\n", vm->cpu >= IDLE_CPU ? "cpu" : "idle");
}

/* takes_part: has guests, or gets some. */
static gboolean
takes_part (const MigPlanStudy *self, guint host)
{
  for (guint i = 0; i < self->fleet->vms->len; i++)
    if (mig_fleet_vm (self->fleet, i)->host == host)
      return TRUE;
  for (guint i = 0; i < self->plan->best.moves->len; i++)
    if (g_array_index (self->plan->best.moves, MigMove, i).to == host)
      return TRUE;
  return FALSE;
}

/* slowest_link: the lab has one for both. */
static double
slowest_link (const MigPlanStudy *self)
{
  double slowest = INFINITY;

  for (guint i = 0; i < self->fleet->hosts->len; i++)
    if (takes_part (self, i))
      slowest = fmin (slowest, mig_fleet_host (self->fleet, i)->link_bytes_per_s);
  return slowest;
}

/* add_hosts: one with a single CPU has it pinned, as its guests and its management shared it. */
static void
add_hosts (GString *xml, const MigPlanStudy *self)
{
  double link = slowest_link (self);

  g_string_append (xml, "  <hosts");
  if (isfinite (link) && link >= 1)
    g_string_append_printf (xml, " link=\"%.0f B/s\"", link);
  g_string_append (xml, ">\n");
  for (guint i = 0; i < self->fleet->hosts->len; i++)
    if (takes_part (self, i))
      g_string_append_printf (xml, "    <host name=\"%s\"%s/>\n",
                              mig_fleet_host (self->fleet, i)->name,
                              mig_fleet_host (self->fleet, i)->cpus <= 1 ? " cpu=\"0\"" : "");
  g_string_append (xml, "  </hosts>\n");
}

static void
add_guests (GString *xml, const MigFleet *fleet)
{
  for (guint i = 0; i < fleet->vms->len; i++)
    add_workload (xml, mig_fleet_vm (fleet, i));
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      const MigFleetVm *vm = mig_fleet_vm (fleet, i);
      g_string_append_printf (
          xml, "  <guest name=\"%s\" workload=\"%s\" host=\"%s\" memory=\"%.0f B\"/>\n", vm->name,
          vm->name, mig_fleet_host (fleet, vm->host)->name, vm->memory_bytes);
    }
}

char *
mig_plan_study (const MigPlanStudy *self, GError **error)
{
  g_autoptr (GString) xml = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  g_autoptr (GError) cause = NULL;

  g_string_append (xml, "<study name=\"plan\" title=\"A plan, and what people do instead\">\n");
  add_hosts (xml, self);
  add_guests (xml, self->fleet);
  if (!add_cases (xml, self, error))
    return NULL;
  g_string_append_printf (xml, "  <migration stop-rule=\"%s\"", self->rule);
  if (isfinite (self->model->cap_bytes_per_s))
    g_string_append_printf (xml, " bandwidth=\"%.0f B/s\"", self->model->cap_bytes_per_s);
  g_string_append (xml, "/>\n</study>\n");
  g_autoptr (MigStudy) study = mig_study_parse (xml->str, xml->len, "plan", &cause);
  if (study)
    return g_string_free (g_steal_pointer (&xml), FALSE);
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "cannot write the plan as a study: %s",
               cause->message);
  return NULL;
}
