/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "cli/plan-study.h"
#include "study/study.h"

/* Below this share of a CPU a VM that updates nothing is idle. */
#define IDLE_CPU 0.1

static void
add_workload (GString *xml, const MigFleetVm *vm)
{
  g_string_append_printf (xml, "  <workload name=\"w-%s\" type=\"", vm->name);
  if (vm->dirty_pages_per_s >= 1)
    g_string_append_printf (xml, "memory\" wss=\"%.0f B\" rate=\"%.0f\"/>\n", vm->wss_bytes,
                            vm->dirty_pages_per_s);
  else
    g_string_append_printf (xml, "%s\"/>\n", vm->cpu >= IDLE_CPU ? "cpu" : "idle");
}

static void
add_order (GString *xml, const MigFleet *fleet, const MigOrder *order)
{
  g_string_append (xml, "    <sequence>");
  for (guint i = 0; i < order->moves->len; i++)
    {
      const MigMove *move = &g_array_index (order->moves, MigMove, i);
      gboolean first = i == 0, together = !first && (move - 1)->group == move->group;
      g_string_append_printf (xml, "%s%s&gt;%s", first ? "" : together ? "+" : " ",
                              mig_fleet_vm (fleet, move->vm)->name,
                              mig_fleet_host (fleet, move->to)->name);
    }
  g_string_append (xml, "</sequence>\n");
}

static gboolean
same (const MigOrder *a, const MigOrder *b)
{
  return a->moves->len == b->moves->len &&
         memcmp (a->moves->data, b->moves->data, a->moves->len * sizeof (MigMove)) == 0;
}

static void
add_orders (GString *xml, const MigFleet *fleet, const MigPlan *plan)
{
  add_order (xml, fleet, &plan->best);
  for (guint i = 0; i < plan->others->len; i++)
    {
      const MigOrder *order = plan->others->pdata[i];
      gboolean known = same (order, &plan->best);
      for (guint j = 0; j < i && !known; j++)
        known = same (order, plan->others->pdata[j]);
      if (!known)
        add_order (xml, fleet, order);
    }
}

/* takes_part: has guests, or gets some. */
static gboolean
takes_part (const MigFleet *fleet, const MigPlan *plan, guint host)
{
  for (guint i = 0; i < fleet->vms->len; i++)
    if (mig_fleet_vm (fleet, i)->host == host)
      return TRUE;
  for (guint i = 0; i < plan->best.moves->len; i++)
    if (g_array_index (plan->best.moves, MigMove, i).to == host)
      return TRUE;
  return FALSE;
}

char *
mig_plan_study (const MigFleet *fleet, const MigPlan *plan, const char *rule, double cap_bytes_per_s,
                GError **error)
{
  g_autoptr (GString) xml = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  g_autoptr (GError) cause = NULL;

  g_string_append (xml, "<study name=\"plan\" title=\"A plan, and what people do instead\">\n  <hosts>\n");
  for (guint i = 0; i < fleet->hosts->len; i++)
    if (takes_part (fleet, plan, i))
      g_string_append_printf (xml, "    <host name=\"%s\"/>\n", mig_fleet_host (fleet, i)->name);
  g_string_append (xml, "  </hosts>\n");
  for (guint i = 0; i < fleet->vms->len; i++)
    add_workload (xml, mig_fleet_vm (fleet, i));
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      const MigFleetVm *vm = mig_fleet_vm (fleet, i);
      g_string_append_printf (xml,
                              "  <guest name=\"%s\" workload=\"w-%s\" host=\"%s\" memory=\"%.0f B\"/>\n",
                              vm->name, vm->name, mig_fleet_host (fleet, vm->host)->name,
                              vm->memory_bytes);
    }
  g_string_append (xml, "  <cases>\n");
  add_orders (xml, fleet, plan);
  g_string_append_printf (xml, "  </cases>\n  <migration stop-rule=\"%s\"", rule);
  if (isfinite (cap_bytes_per_s))
    g_string_append_printf (xml, " bandwidth=\"%.0f B/s\"", cap_bytes_per_s);
  g_string_append (xml, "/>\n</study>\n");
  g_autoptr (MigStudy) study = mig_study_parse (xml->str, xml->len, "plan", &cause);
  if (study)
    return g_string_free (g_steal_pointer (&xml), FALSE);
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "the plan cannot be written as a study: %s", cause->message);
  return NULL;
}
