/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include <libxml/xmlwriter.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/plan-study.h"
#include "plan/forecast.h"
#include "plan/orders.h"
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

/* --- names --- */

/* Characters of a label that are the name's; a number may follow. */
#define LABEL_MAX 24

/* A study as it is written. */
typedef struct {
  const MigPlanStudy *what;
  xmlTextWriter *xml;
  char **guests, **hosts; /* labels of the fleet's VMs and hosts */
} Writer;

/* is_label: a name that a study can have as it is. */
static gboolean
is_label (const char *name)
{
  return g_ascii_isalpha (*name) && strlen (name) <= LABEL_MAX + 8 &&
         strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-") == strlen (name);
}

/* label_of: short, of the letters that a study's names have, unlike those that are known. */
static char *
label_of (GHashTable *known, const char *name, const char *prefix)
{
  g_autofree char *stem = g_strconcat (g_ascii_isalpha (*name) ? "" : prefix, name, NULL);
  char *label = NULL;

  g_strcanon (stem, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-", '-');
  stem[MIN (strlen (stem), LABEL_MAX)] = '\0';
  for (guint i = 1; !label || g_hash_table_contains (known, label); i++)
    {
      g_free (label);
      label = i == 1 ? g_strdup (stem) : g_strdup_printf ("%s-%u", stem, i);
    }
  g_hash_table_add (known, label);
  return label;
}

/* make_labels: of names: those that can stand as they are do. */
static char **
make_labels (const GPtrArray *names, const char *prefix)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  char **labels = g_new0 (char *, names->len + 1);

  for (guint i = 0; i < names->len; i++)
    if (is_label (names->pdata[i]) && !g_hash_table_contains (known, names->pdata[i]))
      g_hash_table_add (known, labels[i] = g_strdup (names->pdata[i]));
  for (guint i = 0; i < names->len; i++)
    if (!labels[i])
      labels[i] = label_of (known, names->pdata[i], prefix);
  return labels;
}

static void
make_all_labels (Writer *self)
{
  const MigFleet *fleet = self->what->fleet;
  g_autoptr (GPtrArray) hosts = g_ptr_array_new (), guests = g_ptr_array_new ();

  for (guint i = 0; i < fleet->hosts->len; i++)
    g_ptr_array_add (hosts, mig_fleet_host (fleet, i)->name);
  for (guint i = 0; i < fleet->vms->len; i++)
    g_ptr_array_add (guests, mig_fleet_vm (fleet, i)->name);
  self->hosts = make_labels (hosts, "host-");
  self->guests = make_labels (guests, "vm-");
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
  const MigFleet *fleet = self->what->fleet;

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
add_prediction (Writer *self, const PlanCase *of)
{
  const MigPlanStudy *what = self->what;
  const MigForecast forecast = { what->model, what->fleet, of->order,
                                 of->order == &what->plan->best ? what->lower_bound : NULL };
  g_autoptr (GArray) records = mig_forecast_records (&forecast, NULL, NULL, NULL);

  begin (self, 3, "prediction");
  attribute (self, "order", of->name->str);
  attribute_format (self, "model", "migcost %s, %s%s", PACKAGE_VERSION,
                    what->calibrated ? "calibrated with " : "not calibrated",
                    what->calibrated ? what->calibrated : "");
  for (guint i = 0; i < records->len; i++)
    add_record (self, &g_array_index (records, MigPredictionRecord, i));
  end (self, 3);
}

static void
add_case (Writer *self, const PlanCase *of)
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
  g_autoptr (GPtrArray) orders = find_orders (self->what, &made, error);
  g_autoptr (GPtrArray) cases = orders ? to_cases (self->what, orders) : NULL;

  if (!cases)
    return FALSE;
  begin (self, 1, "cases");
  for (guint i = 0; i < cases->len; i++)
    add_case (self, cases->pdata[i]);
  end (self, 1);
  return TRUE;
}

/* --- hosts and guests --- */

static void
add_workload (Writer *self, guint index)
{
  const MigFleetVm *vm = mig_fleet_vm (self->what->fleet, index);

  begin (self, 1, "workload");
  attribute (self, "name", self->guests[index]);
  attribute (self, "type",
             vm->dirty_pages_per_s >= 1 ? "memory"
             : vm->cpu >= IDLE_CPU      ? "cpu"
                                        : "idle");
  if (vm->dirty_pages_per_s >= 1)
    {
      attribute_format (self, "wss", "%.0f B", vm->wss_bytes);
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
  const MigFleet *fleet = self->what->fleet;
  double link = slowest_link (self->what);

  begin (self, 1, "hosts");
  if (isfinite (link) && link >= 1)
    attribute_format (self, "link", "%.0f B/s", link);
  for (guint i = 0; i < fleet->hosts->len; i++)
    {
      if (!takes_part (self->what, i))
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
  const MigFleet *fleet = self->what->fleet;

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

static gboolean
add_study (Writer *self, GError **error)
{
  const MigPlanStudy *what = self->what;

  xmlTextWriterStartDocument (self->xml, "1.0", "UTF-8", NULL);
  xmlTextWriterStartElement (self->xml, BAD_CAST "study");
  attribute (self, "name", "plan");
  attribute (self, "title", "A plan, and what people do instead");
  add_hosts (self);
  add_guests (self);
  if (!add_cases (self, error))
    return FALSE;
  begin (self, 1, "migration");
  attribute (self, "stop-rule", what->rule);
  if (isfinite (what->model->cap_bytes_per_s))
    attribute_format (self, "bandwidth", "%.0f B/s", what->model->cap_bytes_per_s);
  xmlTextWriterEndElement (self->xml);
  end (self, 0);
  xmlTextWriterEndDocument (self->xml);
  return TRUE;
}

char *
mig_plan_study (const MigPlanStudy *what, GError **error)
{
  xmlBuffer *buffer = xmlBufferCreate ();
  Writer self = { .what = what, .xml = xmlNewTextWriterMemory (buffer, 0) };
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
  if (study || !ok)
    return text;
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "cannot write the plan as a study: %s",
               cause->message);
  g_free (text);
  return NULL;
}
