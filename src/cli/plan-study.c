/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include <libxml/xmlwriter.h>

#include "base/error.h"
#include "base/log.h"
#include "base/scale.h"
#include "base/text.h"
#include "cli/plan-cases.h"
#include "cli/plan-study.h"
#include "cli/study-labels.h"
#include "plan/forecast.h"
#include "study/study.h"

/* Below this share of a CPU a VM that updates nothing is idle. */
#define IDLE_CPU 0.1

/* A study as it is written. */
typedef struct {
  const MigPlanStudy *content;
  xmlTextWriter *xml;
  char **guests, **hosts; /* labels of the fleet's VMs and hosts */
} Writer;

static void
make_all_labels (Writer *self)
{
  const MigFleet *fleet = self->content->fleet;
  g_autoptr (GPtrArray) hosts = g_ptr_array_new (), guests = g_ptr_array_new ();

  for (guint i = 0; i < fleet->hosts->len; i++)
    g_ptr_array_add (hosts, mig_fleet_host (fleet, i)->name);
  for (guint i = 0; i < fleet->vms->len; i++)
    g_ptr_array_add (guests, mig_fleet_vm (fleet, i)->name);
  self->hosts = mig_study_labels (hosts, "host-");
  self->guests = mig_study_labels (guests, "vm-");
}

/* --- XML --- */

/* begin, end: an element on a line of its own. */
static void
begin (Writer *self, guint depth, const char *name)
{
  g_autofree char *blank = g_strnfill (2 * depth, ' ');

  xmlTextWriterWriteFormatString (self->xml, "\n%s", blank);
  xmlTextWriterStartElement (self->xml, BAD_CAST name);
}

static void
end (Writer *self, guint depth)
{
  g_autofree char *blank = g_strnfill (2 * depth, ' ');

  xmlTextWriterWriteFormatString (self->xml, "\n%s", blank);
  xmlTextWriterEndElement (self->xml);
}

/* attribute: control characters, which XML cannot have, become spaces. */
static void
attribute (Writer *self, const char *name, const char *value)
{
  g_autofree char *clean = mig_text_printable (value, 0);

  xmlTextWriterWriteAttribute (self->xml, BAD_CAST name, BAD_CAST clean);
}

G_GNUC_PRINTF (3, 4)
static void
attribute_format (Writer *self, const char *name, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *value = g_strdup_vprintf (format, args);
  va_end (args);
  attribute (self, name, value);
}

/* stands_for: the name that is not the label. */
static void
stands_for (Writer *self, const char *label, const char *name)
{
  if (strcmp (label, name) != 0)
    attribute (self, "stands-for", name);
}

/* --- cases --- */

/* add_duration: an attribute, where it is known. */
static void
add_duration (Writer *self, const char *name, gint64 ns)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!MIG_IS_MISSING (ns))
    attribute_format (self, name, "%s s",
                      g_ascii_formatd (text, sizeof text, "%.6g", (double) ns / MIG_NS_PER_S));
}

static void
add_record (Writer *self, const MigPredictionRecord *record)
{
  const MigFleet *fleet = self->content->fleet;

  begin (self, 4, record->guest ? "move" : "case");
  if (record->guest)
    attribute (self, "guest", self->guests[mig_fleet_find_vm (fleet, record->guest)]);
  attribute (self, "quantity", record->quantity);
  add_duration (self, "value", record->value_ns);
  add_duration (self, "low", record->low_ns);
  add_duration (self, "high", record->high_ns);
  xmlTextWriterEndElement (self->xml);
}

static void
add_prediction (Writer *self, const MigPlanCase *of)
{
  const MigPlanStudy *content = self->content;
  const MigForecast forecast = { content->model, content->fleet, of->order,
                                 of->order == &content->plan->best ? content->lower_bound : NULL };
  g_autoptr (GArray) records = mig_forecast_records (&forecast, NULL, NULL, NULL);

  begin (self, 3, "prediction");
  attribute (self, "order", of->name->str);
  attribute_format (self, "model", "migcost %s, %s%s", PACKAGE_VERSION,
                    content->calibrated ? "calibrated with " : "not calibrated",
                    content->calibrated ? content->calibrated : "");
  for (guint i = 0; i < records->len; i++)
    add_record (self, &g_array_index (records, MigPredictionRecord, i));
  end (self, 3);
}

static void
add_case (Writer *self, const MigPlanCase *of)
{
  const GArray *moves = of->order->moves;

  begin (self, 2, "sequence");
  for (guint i = 0; i < moves->len; i++)
    {
      const MigMove *move = &g_array_index (moves, MigMove, i);
      gboolean first = i == 0, together = !first && (move - 1)->group == move->group;
      xmlTextWriterWriteFormatString (self->xml, "%s%s>%s",
                                      first      ? ""
                                      : together ? "+"
                                                 : " ",
                                      self->guests[move->vm], self->hosts[move->to]);
    }
  add_prediction (self, of);
  end (self, 2);
}

static gboolean
add_cases (Writer *self, GError **error)
{
  g_autoptr (GPtrArray) made = NULL;
  g_autoptr (GPtrArray) cases = mig_plan_cases (self->content, &made, error);

  if (!cases)
    return FALSE;
  begin (self, 1, "cases");
  for (guint i = 0; i < cases->len; i++)
    add_case (self, cases->pdata[i]);
  end (self, 1);
  return TRUE;
}

/* --- hosts and guests --- */

/* updates_memory: as a guest of the study. */
static gboolean
updates_memory (const MigFleetVm *vm)
{
  return vm->dirty_pages_per_s >= 1;
}

/* room_bytes: what a guest with the VM's memory can update: its kernel takes the rest. */
static double
room_bytes (const MigFleetVm *vm)
{
  return fmax (vm->memory_bytes - (double) MIG_SCALE_KERNEL_BYTES, (double) MIG_PAGE_BYTES);
}

/* note_kernels: a working set that is not known is all that the VM uses. */
static void
note_kernels (const MigFleet *fleet)
{
  const char *first = NULL;
  guint n = 0;

  for (guint i = 0; i < fleet->vms->len; i++)
    {
      const MigFleetVm *vm = mig_fleet_vm (fleet, i);
      if (!updates_memory (vm) || vm->wss_bytes <= room_bytes (vm))
        continue;
      first = first ? first : vm->name;
      n++;
    }
  if (n == 0)
    return;
  g_autofree char *others = n > 1 ? g_strdup_printf (" and %u more", n - 1) : g_strdup ("");
  mig_info ("the working set of '%s'%s is nearly all of the memory: in the study it is %d MiB less "
            "than that, for the guest's kernel; predictions are of the whole",
            first, others, (int) (MIG_SCALE_KERNEL_BYTES / MIG_MIB));
}

static void
add_workload (Writer *self, guint index)
{
  const MigFleetVm *vm = mig_fleet_vm (self->content->fleet, index);

  begin (self, 1, "workload");
  attribute (self, "name", self->guests[index]);
  attribute (self, "type", updates_memory (vm) ? "memory" : vm->cpu >= IDLE_CPU ? "cpu" : "idle");
  if (updates_memory (vm))
    {
      attribute_format (self, "wss", "%.0f B", fmin (vm->wss_bytes, room_bytes (vm)));
      attribute_format (self, "rate", "%.0f", vm->dirty_pages_per_s);
    }
  xmlTextWriterEndElement (self->xml);
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
add_hosts (Writer *self)
{
  const MigFleet *fleet = self->content->fleet;
  double link = slowest_link (self->content);

  begin (self, 1, "hosts");
  if (isfinite (link) && link >= 1)
    attribute_format (self, "link", "%.0f B/s", link);
  for (guint i = 0; i < fleet->hosts->len; i++)
    {
      if (!takes_part (self->content, i))
        continue;
      begin (self, 2, "host");
      attribute (self, "name", self->hosts[i]);
      if (mig_fleet_host (fleet, i)->cpus <= 1)
        attribute (self, "cpu", "0");
      stands_for (self, self->hosts[i], mig_fleet_host (fleet, i)->name);
      xmlTextWriterEndElement (self->xml);
    }
  end (self, 1);
}

static void
add_guests (Writer *self)
{
  const MigFleet *fleet = self->content->fleet;

  for (guint i = 0; i < fleet->vms->len; i++)
    add_workload (self, i);
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      const MigFleetVm *vm = mig_fleet_vm (fleet, i);
      begin (self, 1, "guest");
      attribute (self, "name", self->guests[i]);
      attribute (self, "workload", self->guests[i]);
      attribute (self, "host", self->hosts[vm->host]);
      attribute_format (self, "memory", "%.0f B", vm->memory_bytes);
      stands_for (self, self->guests[i], vm->name);
      xmlTextWriterEndElement (self->xml);
    }
}

/* add_description: of guests that are no longer of full size. The study has no scale: that would
 * make them smaller once more, and its predictions would be of full size. */
static void
add_description (Writer *self)
{
  begin (self, 1, "description");
  xmlTextWriterWriteFormatString (
      self->xml,
      "The guests are those of a result at scale %s, as small as they were there, and so "
      "is what is predicted of them: not of full size. The study has no scale of its "
      "own, which would make them smaller once more.",
      self->content->scale);
  xmlTextWriterEndElement (self->xml);
}

static gboolean
add_study (Writer *self, GError **error)
{
  const MigPlanStudy *content = self->content;

  xmlTextWriterStartDocument (self->xml, "1.0", "UTF-8", NULL);
  xmlTextWriterStartElement (self->xml, BAD_CAST "study");
  attribute (self, "name", "plan");
  attribute_format (self, "title", "A plan%s%s, and what people do instead",
                    content->scale ? " at scale " : "", content->scale ? content->scale : "");
  if (content->scale)
    add_description (self);
  add_hosts (self);
  add_guests (self);
  if (!add_cases (self, error))
    return FALSE;
  begin (self, 1, "migration");
  attribute (self, "stop-rule", content->rule);
  if (isfinite (content->model->cap_bytes_per_s))
    attribute_format (self, "bandwidth", "%.0f B/s", content->model->cap_bytes_per_s);
  xmlTextWriterEndElement (self->xml);
  end (self, 0);
  xmlTextWriterEndDocument (self->xml);
  return TRUE;
}

/* is_sequence: each step of a study's case begins when the one before has ended; hosts that are
 * left do not wait for each other. */
static gboolean
is_sequence (const MigFleet *fleet, const MigOrder *order)
{
  for (guint i = 1; i < order->moves->len; i++)
    if (mig_order_source (order, fleet, i) != mig_order_source (order, fleet, 0))
      return FALSE;
  return !order->waits;
}

/* check_plan: it can be a study. */
static gboolean
check_plan (const MigPlanStudy *content, GError **error)
{
  const MigOrder *best = &content->plan->best;

  if (content->task->target_state)
    g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                 "-o: a plan for a target state cannot be written as a study: its guests wait for "
                 "each other's memory");
  else if (!is_sequence (content->fleet, best))
    g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                 "-o: a plan by which several hosts are left at once cannot be written as a "
                 "study: its migrations are one sequence; empty one host at a time");
  else if (content->model->copies_disks)
    g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                 "-o: a plan with --copy-storage cannot be written as a study: the disks of a "
                 "study's guests are empty");
  else if (best->moves->len == 0)
    g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                 "-o: no VM moves, so no study is written; leave the option out to see why");
  else
    return TRUE;
  return FALSE;
}

char *
mig_plan_study (const MigPlanStudy *content, GError **error)
{
  if (!check_plan (content, error))
    return NULL;

  xmlBuffer *buffer = xmlBufferCreate ();
  Writer self = { .content = content, .xml = xmlNewTextWriterMemory (buffer, 0) };
  g_autoptr (GError) cause = NULL;
  char *text = NULL;

  make_all_labels (&self);
  gboolean ok = add_study (&self, error);
  xmlFreeTextWriter (self.xml);
  if (ok)
    text = g_strdup ((const char *) xmlBufferContent (buffer));
  xmlBufferFree (buffer);
  g_strfreev (self.hosts);
  g_strfreev (self.guests);
  g_autoptr (MigStudy) study = ok ? mig_study_parse (text, strlen (text), "plan", &cause) : NULL;
  if (study)
    note_kernels (content->fleet);
  if (study || !ok)
    return text;
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "cannot write the plan as a study: %s",
               cause->message);
  g_free (text);
  return NULL;
}
