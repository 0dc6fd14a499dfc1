/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include <json-glib/json-glib.h>

#include "base/error.h"
#include "base/text.h"
#include "base/units.h"
#include "report/number.h"
#include "report/plan-commands.h"
#include "report/plan.h"

/* A migration that takes longer than so many times what is predicted, or this, has failed. */
#define TIMEOUT_FACTOR 10
#define TIMEOUT_S 600

/* A migration as commands tell it. */
typedef struct {
  const char *vm, *from, *to; /* the VM as commands call it */
  double bytes_per_s;         /* its limit; infinite: none */
  MigStorageCopy storage;
  double time_s;
} Migration;

struct _MigPlanManager {
  const char *name;
  gboolean limits; /* its commands can limit the bandwidth */
  const char *note;
  void (*migrate) (const Migration *migration, GString *out);
};

G_GNUC_PRINTF (2, 3)
static void
add_quoted (GString *out, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree char *quoted = g_shell_quote (text);
  g_string_append (out, quoted);
}

static void
migrate_virsh (const Migration *migration, GString *out)
{
  g_string_append (out, "virsh -c ");
  add_quoted (out, "qemu+ssh://%s/system", migration->from);
  g_string_append (out, " migrate --live --persistent --undefinesource");
  if (isfinite (migration->bytes_per_s))
    g_string_append_printf (out, " --bandwidth %" G_GUINT64_FORMAT,
                            mig_units_limit_mib ((guint64) migration->bytes_per_s));
  if (migration->storage != MIG_STORAGE_STAYS)
    g_string_append (out, migration->storage == MIG_STORAGE_ALL ? " --copy-storage-all"
                                                                : " --copy-storage-inc");
  g_string_append (out, " --domain ");
  add_quoted (out, "%s", migration->vm);
  g_string_append (out, " --desturi ");
  add_quoted (out, "qemu+ssh://%s/system", migration->to);
}

static void
migrate_openstack (const Migration *migration, GString *out)
{
  g_string_append (out, "openstack --os-compute-api-version 2.30 server migrate --live-migration "
                        "--wait --host ");
  add_quoted (out, "%s", migration->to);
  g_string_append (out, " -- ");
  add_quoted (out, "%s", migration->vm);
}

/* Proxmox's command runs on the node that the VM is on; ssh hands one text to its shell. */
static void
migrate_proxmox (const Migration *migration, GString *out)
{
  g_autoptr (GString) remote = g_string_new ("qm migrate ");

  add_quoted (remote, "%s", migration->vm);
  g_string_append_c (remote, ' ');
  add_quoted (remote, "%s", migration->to);
  g_string_append (remote, " --online");
  if (isfinite (migration->bytes_per_s))
    g_string_append_printf (remote, " --bwlimit %.0f", floor (migration->bytes_per_s / MIG_KIB));
  if (migration->storage != MIG_STORAGE_STAYS)
    g_string_append (remote, " --with-local-disks");
  g_string_append (out, "ssh -n -- ");
  add_quoted (out, "root@%s", migration->from);
  g_string_append_c (out, ' ');
  add_quoted (out, "%s", remote->str);
}

static void
add_member (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
begin_member (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
}

/* kubevirt_object: a request to migrate. The cluster makes its name: requests stay there when they
 * are done, and another script, or a later step of this one, makes more. */
static char *
kubevirt_object (const char *vm, const char *node)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();

  json_builder_begin_object (builder);
  add_member (builder, "apiVersion", "kubevirt.io/v1");
  add_member (builder, "kind", "VirtualMachineInstanceMigration");
  begin_member (builder, "metadata");
  add_member (builder, "generateName", "migcost-");
  json_builder_end_object (builder);
  begin_member (builder, "spec");
  add_member (builder, "vmiName", vm);
  begin_member (builder, "addedNodeSelector");
  add_member (builder, "kubernetes.io/hostname", node);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, NULL);
}

/* A VM is called "namespace/name". */
static void
migrate_kubevirt (const Migration *migration, GString *out)
{
  const char *slash = strchr (migration->vm, '/');
  g_autofree char *space = slash ? g_strndup (migration->vm, slash - migration->vm)
                                 : g_strdup ("default");
  g_autofree char *quoted = g_shell_quote (space);
  g_autofree char *object = kubevirt_object (slash ? slash + 1 : migration->vm, migration->to);

  g_string_append (out, "{ name=$(printf '%s\\n' ");
  add_quoted (out, "%s", object);
  g_string_append_printf (out,
                          " | kubectl -n %s create -o name -f -) &&\n  kubectl -n %s wait "
                          "\"$name\" --for=jsonpath='{.status.phase}'=Succeeded --timeout=%.0fs; }",
                          quoted, quoted,
                          fmax (TIMEOUT_S, ceil (TIMEOUT_FACTOR * migration->time_s)));
}

static const MigPlanManager managers[] = {
  { "virsh", TRUE, "libvirt's URIs are made from the hosts' names", migrate_virsh },
  { "openstack", FALSE, "servers are called by their IDs where the fleet has them",
    migrate_openstack },
  { "proxmox", TRUE, "VMs are called by their numbers: the fleet's column 'id'", migrate_proxmox },
  { "kubevirt", FALSE, "the node is chosen by addedNodeSelector: KubeVirt 1.5 or newer",
    migrate_kubevirt },
};

const char *
mig_plan_manager (guint index)
{
  return index < G_N_ELEMENTS (managers) ? managers[index].name : NULL;
}

const MigPlanManager *
mig_plan_manager_find (const char *name, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (managers); i++)
    if (!name || strcmp (managers[i].name, name) == 0)
      return &managers[i];
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
               "--for: unknown manager '%s'; expected virsh, openstack, proxmox or kubevirt", name);
  return NULL;
}

/* --- the script --- */

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *) a, y = *(const guint *) b;

  return (x > y) - (x < y);
}

static int
compare_starts (gconstpointer a, gconstpointer b, gpointer data)
{
  const GArray *costs = data;
  guint i = *(const guint *) a, j = *(const guint *) b;
  double x = g_array_index (costs, MigMoveCost, i).start_s,
         y = g_array_index (costs, MigMoveCost, j).start_s;

  return x != y ? (x > y ? 1 : -1) : (i > j) - (i < j);
}

/* add_waits: one line: the migrations that have to end before; numbers: of each move, from 1; 0: it
 * was not begun. */
static void
add_waits (const GArray *waits, const guint *numbers, GString *out)
{
  g_autoptr (GArray) ended = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; waits && i < waits->len; i++)
    {
      guint before = numbers[g_array_index (waits, MigWait, i).before];
      if (before > 0)
        g_array_append_val (ended, before);
    }
  if (ended->len == 0)
    return;
  g_array_sort (ended, compare_numbers);
  g_string_append (out, "ended");
  for (guint i = 0; i < ended->len; i++)
    g_string_append_printf (out, " %u", g_array_index (ended, guint, i));
  g_string_append_c (out, '\n');
}

static void
add_migration (const MigPlanReport *report, const MigPlanManager *manager, guint move, guint number,
               GString *out)
{
  const MigFleet *fleet = report->fleet;
  const MigOrder *order = &report->plan->best;
  const MigMove *planned = &g_array_index (order->moves, MigMove, move);
  const MigMoveCost *cost = &g_array_index (order->costs, MigMoveCost, move);
  const MigFleetVm *vm = mig_fleet_vm (fleet, planned->vm);
  const Migration migration = {
    .vm = vm->id ? vm->id : vm->name,
    .from = mig_fleet_host (fleet, mig_order_source (order, fleet, move))->name,
    .to = mig_fleet_host (fleet, planned->to)->name,
    .bytes_per_s = report->model->cap_bytes_per_s,
    .storage = report->storage,
    .time_s = cost->end_s - cost->start_s,
  };
  g_autofree char *name = mig_text_printable (vm->name, 0),
                  *from = mig_text_printable (migration.from, 0),
                  *to = mig_text_printable (migration.to, 0),
                  *start = mig_number_measure (cost->start_s),
                  *time = mig_number_measure (migration.time_s);

  g_string_append_printf (out, "# %u: %s from %s to %s; predicted: begins at %s s, takes %s s\n",
                          number, name, from, to, start, time);
  manager->migrate (&migration, out);
  g_string_append_printf (out, " & m%u=$!\n", number);
}

/* add_staying: who cannot be moved, and why. */
static void
add_staying (const MigPlanReport *report, GString *out)
{
  for (guint i = 0; i < report->plan->skipped->len; i++)
    {
      const MigObstacle *obstacle = report->plan->skipped->pdata[i];
      const MigFleetVm *vm = mig_fleet_vm (report->fleet, obstacle->vm);
      g_autofree char *line = g_strdup_printf ("%s stays on %s: %s", vm->name,
                                               mig_fleet_host (report->fleet, vm->host)->name,
                                               obstacle->reason);
      g_autofree char *clean = mig_text_printable (line, 0);
      g_string_append_printf (out, "# %s\n", clean);
    }
}

static void
add_head (const MigPlanReport *report, const MigPlanManager *manager, GString *out)
{
  g_autofree char *task = mig_plan_task_line (report);
  g_autofree char *line = mig_text_printable (task, 0);

  g_string_append_printf (out,
                          "#!/bin/sh\n# %s\n# Written by migcost plan, which performs none of it: "
                          "read it before you do. For %s: %s.\n",
                          line, manager->name, manager->note);
  if (isfinite (report->model->cap_bytes_per_s) && !manager->limits)
    g_string_append_printf (out,
                            "# The plan limits each migration to %.0f MB/s: set that in the "
                            "manager's own configuration.\n",
                            report->model->cap_bytes_per_s / 1e6);
  add_staying (report, out);
  if (report->plan->best.moves->len == 0)
    return;
  g_string_append (
      out, "\n# ended NUMBER...: waits for these migrations; all ends where one has failed\n"
           "ended() {\n"
           "  for number; do\n"
           "    eval \"pid=\\$m$number\"\n"
           "    [ \"$pid\" = ended ] && continue\n"
           "    wait \"$pid\" || { echo \"migration $number failed\" >&2; wait; exit 1; }\n"
           "    eval \"m$number=ended\"\n"
           "  done\n"
           "}\n\n");
}

char *
mig_plan_commands (const MigPlanReport *report, const MigPlanManager *manager)
{
  const MigOrder *order = &report->plan->best;
  guint n = order->moves->len;
  g_autofree guint *sorted = g_new (guint, n), *numbers = g_new0 (guint, n);
  g_autoptr (GPtrArray) before = mig_order_before (order, report->fleet);
  GString *out = g_string_new (NULL);

  add_head (report, manager, out);
  if (n == 0)
    return g_string_free (out, FALSE);
  for (guint i = 0; i < n; i++)
    sorted[i] = i;
  g_qsort_with_data (sorted, n, sizeof (guint), compare_starts, order->costs);
  for (guint i = 0; i < n; i++)
    {
      add_waits (before->pdata[sorted[i]], numbers, out);
      numbers[sorted[i]] = i + 1;
      add_migration (report, manager, sorted[i], i + 1, out);
    }
  g_string_append (out, "ended");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (out, " %u", i + 1);
  g_string_append_c (out, '\n');
  return g_string_free (out, FALSE);
}
