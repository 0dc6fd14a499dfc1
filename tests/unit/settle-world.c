/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dlfcn.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <string.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/units.h"
#include "tests/unit/settle-world.h"
#include "virt/loop.h"

#define GUEST "vm-7"

SettleWorld world;

static char *top, *uuid;

static gboolean job_elsewhere; /* libvirt's last error is that a job is the source's to tell of */

gint64 __real_mig_clock_now (void);
gint64 __wrap_mig_clock_now (void);
void __wrap_mig_clock_sleep_until (gint64 deadline_ns);
gboolean __real_mig_clock_wait (GCond *changed, GMutex *lock, gint64 deadline_ns);
gboolean __wrap_mig_clock_wait (GCond *changed, GMutex *lock, gint64 deadline_ns);

gint64
__wrap_mig_clock_now (void)
{
  return __real_mig_clock_now () + world.skipped_ns;
}

void
__wrap_mig_clock_sleep_until (gint64 deadline_ns)
{
  world.skipped_ns += MAX (0, deadline_ns - __wrap_mig_clock_now ());
}

/* of what nothing happens */
gboolean
__wrap_mig_clock_wait (GCond *changed, GMutex *lock, gint64 deadline_ns)
{
  __wrap_mig_clock_sleep_until (deadline_ns);
  return FALSE;
}

static gboolean
is_on_a (virDomainPtr domain)
{
  char *uri = virConnectGetURI (virDomainGetConnect (domain));
  gboolean is = g_str_has_suffix (uri, "/a");

  free (uri);
  return is;
}

int
virDomainGetJobStats (virDomainPtr domain, int *type, virTypedParameterPtr *params, int *n,
                      unsigned int flags)
{
  int allocated = 0;

  *params = NULL;
  *n = 0;
  *type = VIR_DOMAIN_JOB_NONE;
  job_elsewhere = world.leaving.arrives && !is_on_a (domain);
  if (job_elsewhere)
    return -1;
  if (world.leaving.goes_on && is_on_a (domain) && world.leaving.asked++ < world.leaving.ends)
    {
      *type = VIR_DOMAIN_JOB_UNBOUNDED;
      virTypedParamsAddULLong (params, n, &allocated, VIR_DOMAIN_JOB_MEMORY_PROCESSED, 4096);
      virTypedParamsAddULLong (
          params, n, &allocated, VIR_DOMAIN_JOB_TIME_ELAPSED,
          (unsigned long long) ((mig_clock_now () - world.leaving.since_ns) / MIG_NS_PER_MS));
      virTypedParamsAddULLong (params, n, &allocated, VIR_DOMAIN_JOB_MEMORY_REMAINING, 0);
      if (world.leaving.round)
        virTypedParamsAddULLong (params, n, &allocated, VIR_DOMAIN_JOB_MEMORY_ITERATION,
                                 world.leaving.round);
      return virTypedParamsAddInt (params, n, &allocated, VIR_DOMAIN_JOB_OPERATION,
                                   VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT);
    }
  if (!world.post_copy.failed || !is_on_a (domain) ||
      world.post_copy.asked++ >= world.post_copy.ends)
    return 0;
  *type = VIR_DOMAIN_JOB_UNBOUNDED;
  virTypedParamsAddULLong (params, n, &allocated, VIR_DOMAIN_JOB_MEMORY_PROCESSED,
                           MIN (world.post_copy.asked, world.post_copy.sends));
  return virTypedParamsAddInt (params, n, &allocated, VIR_DOMAIN_JOB_OPERATION,
                               VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT);
}

int
virGetLastErrorCode (void)
{
  int (*get) (void) = (int (*) (void)) dlsym (RTLD_NEXT, "virGetLastErrorCode");
  gboolean elsewhere = job_elsewhere;

  job_elsewhere = FALSE;
  return elsewhere ? VIR_ERR_OPERATION_INVALID : get ();
}

int
virDomainMigrateSetMaxDowntime (virDomainPtr domain, unsigned long long ms, unsigned int flags)
{
  world.leaving.limits++;
  return 0;
}

/* which the driver for tests does not know */
int
virDomainMigrateStartPostCopy (virDomainPtr domain, unsigned int flags)
{
  world.leaving.switches++;
  return world.leaving.round ? 0 : -1;
}

/* the first one comes too early */
int
virDomainAbortJob (virDomainPtr domain)
{
  world.leaving.goes_on = ++world.leaving.aborts < 2;
  return world.leaving.goes_on ? -1 : 0;
}

int
virDomainGetState (virDomainPtr domain, int *state, int *reason, unsigned int flags)
{
  int (*get) (virDomainPtr, int *, int *, unsigned int) = (int (*) (
      virDomainPtr, int *, int *, unsigned int)) dlsym (RTLD_NEXT, "virDomainGetState");
  int result = get (domain, state, reason, flags);

  if (result == 0 && world.leaving.arrives && !is_on_a (domain))
    {
      gboolean waits = world.leaving.goes_on && world.leaving.asked < world.leaving.ends;
      *state = waits ? VIR_DOMAIN_PAUSED : VIR_DOMAIN_SHUTOFF;
      *reason = VIR_DOMAIN_PAUSED_MIGRATION;
    }
  if (result == 0 && world.copy.is_left && is_on_a (domain))
    {
      gboolean over = world.copy.asked++ >= world.copy.ends;
      *state = over ? VIR_DOMAIN_SHUTOFF : VIR_DOMAIN_PAUSED;
      *reason = VIR_DOMAIN_PAUSED_POSTCOPY;
    }
  if (result == 0 && *state == VIR_DOMAIN_SHUTOFF)
    *reason = world.shutoff_reason;
  if (result == 0 && world.post_copy.failed && is_on_a (domain))
    {
      gboolean over = world.post_copy.asked >= world.post_copy.ends;
      *state = over ? VIR_DOMAIN_SHUTOFF : VIR_DOMAIN_PAUSED;
      *reason = over ? VIR_DOMAIN_SHUTOFF_MIGRATED : VIR_DOMAIN_PAUSED_POSTCOPY_FAILED;
    }
  return result;
}

/* host_with: its URI; the caller frees it. */
static char *
host_with (const char *name, Has has)
{
  g_autofree char *path = g_build_filename (top, name, NULL);
  g_autofree char *domain = g_strdup_printf (
      "<domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>"
      "<name>" GUEST "</name><uuid>%s</uuid><memory>65536</memory><os><type>hvm</type></os>"
      "<test:runstate>%d</test:runstate></domain>",
      uuid, has == RUNNING ? VIR_DOMAIN_RUNNING : VIR_DOMAIN_SHUTOFF);
  g_autofree char *node = g_strdup_printf ("<node>%s</node>", has == NOTHING ? "" : domain);

  g_assert_true (g_file_set_contents (path, node, -1, NULL));
  return g_strdup_printf ("test://%s", path);
}

void
settle_world_add (MigInterrupted *self, const char *from, const char *to, MigMoveState state)
{
  MigPlannedMove *move = mig_planned_move_new (GUEST, uuid, from, to, 0);

  move->plan = 1;
  move->place = self->moves->len;
  move->state = state;
  if (state == MIG_MOVE_RUNNING)
    {
      MigInterruptedStart *start = g_new0 (MigInterruptedStart, 1);
      start->job_seen_ns = MIG_MISSING_INT;
      move->attempt = 1;
      g_hash_table_insert (self->starts, move, start);
    }
  g_ptr_array_add (self->moves, move);
}

MigInterrupted *
settle_world_new (void)
{
  MigInterrupted *self = g_new0 (MigInterrupted, 1);

  self->moves = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
  self->starts = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->open = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->plans = 1;
  return self;
}

/* settle_within: with hosts 'a' and 'b' that have that of the guest, and 'c'. */
static void
settle_within (const MigSettleLimit *limit, MigInterrupted *interrupted, Has a, Has b)
{
  static const char xml[] = "<execution/>";
  const MigManifest manifest = { .study_name = (char *) "plan", .study_title = (char *) "t" };
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (top, "r", NULL);
  g_autofree char *uri_a = host_with ("a", a), *uri_b = host_with ("b", b),
                  *uri_c = host_with ("c", world.on_c);
  const MigPlanExecutorHost all[] = { { .name = "a", .uri = uri_a },
                                      { .name = "b", .uri = uri_b },
                                      { .name = "c", .uri = uri_c } };
  g_autoptr (GArray) hosts = g_array_new (FALSE, FALSE, sizeof (MigPlanExecutorHost));
  MigResultWriter *writer = mig_result_writer_new (path, xml, strlen (xml), &manifest, &error);

  g_assert_no_error (error);
  g_array_append_vals (hosts, all, G_N_ELEMENTS (all));
  g_assert_true (mig_settle (interrupted, hosts, writer, limit, &error));
  g_assert_no_error (error);
  mig_result_writer_free (writer);
  g_assert_true (mig_files_remove_tree (path, NULL));
}

void
settle_world_settle (MigInterrupted *interrupted, Has a, Has b)
{
  const MigSettleLimit none = { 0, MIG_TIMEOUT_ABORT };

  settle_within (&none, interrupted, a, b);
}

void
settle_world_leaving (const MigSettleLimit *limit, MigInterrupted *interrupted, gboolean to_b)
{
  world.leaving.goes_on = TRUE;
  world.leaving.arrives = to_b;
  world.leaving.asked = world.leaving.aborts = world.leaving.limits = world.leaving.switches = 0;
  settle_within (limit, interrupted, RUNNING, to_b ? RUNNING : NOTHING);
  world.leaving.goes_on = world.leaving.arrives = FALSE;
}

const MigPlannedMove *
settle_world_move (const MigInterrupted *interrupted, guint index)
{
  return interrupted->moves->pdata[index];
}

int
settle_world_test (void)
{
  top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  uuid = g_uuid_string_random ();
  g_assert_true (mig_loop_start (NULL));
  int status = g_test_run ();
  mig_loop_stop ();
  mig_files_remove_tree (top, NULL);
  g_free (uuid);
  g_free (top);
  return status;
}
