/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dlfcn.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/units.h"
#include "execute/settle.h"
#include "measure/migration.h"
#include "virt/loop.h"

/* What became of migrations that an execution had begun when it was killed, on hosts that libvirt
 * makes up for tests. */

#define GUEST "vm-7"

static char *top, *uuid;

/* why a domain that is shut off has ended, in place of libvirt's answer */
static int shutoff_reason;

/* A post-copy from host 'a' that libvirt has given up, in place of its answers: so often it is
 * asked for the job until that stands still, and until it is at its end. */
static struct {
  gboolean failed;
  guint sends, ends, asked;
} post_copy;

/* A migration from host 'a' that goes on until it is aborted, or has been asked about so often; the
 * domain on host 'b' waits for it, and is shut off then. */
static struct {
  gboolean goes_on;
  guint ends, asked, aborts;
  gint64 since_ns;
  gboolean arrives;         /* on host 'b' */
  unsigned long long round; /* under way, from 1 */
  guint limits, switches;   /* how often its downtime limit was raised; it was made post-copy */
} leaving;

/* What is left on host 'a' of a guest that runs on 'b': it stands still there, and is shut off once
 * it has been asked about so often. */
static struct {
  gboolean is_left;
  guint ends, asked;
} copy;

static gboolean job_elsewhere; /* libvirt's last error is that a job is the source's to tell of */

static gint64 skipped_ns; /* time that was not slept */

gint64 __real_mig_clock_now (void);
gint64 __wrap_mig_clock_now (void);
void __wrap_mig_clock_sleep_until (gint64 deadline_ns);
gboolean __real_mig_clock_wait (GCond *changed, GMutex *lock, gint64 deadline_ns);
gboolean __wrap_mig_clock_wait (GCond *changed, GMutex *lock, gint64 deadline_ns);

gint64
__wrap_mig_clock_now (void)
{
  return __real_mig_clock_now () + skipped_ns;
}

void
__wrap_mig_clock_sleep_until (gint64 deadline_ns)
{
  skipped_ns += MAX (0, deadline_ns - __wrap_mig_clock_now ());
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
  job_elsewhere = leaving.arrives && !is_on_a (domain);
  if (job_elsewhere)
    return -1;
  if (leaving.goes_on && is_on_a (domain) && leaving.asked++ < leaving.ends)
    {
      *type = VIR_DOMAIN_JOB_UNBOUNDED;
      virTypedParamsAddULLong (params, n, &allocated, VIR_DOMAIN_JOB_MEMORY_PROCESSED, 4096);
      virTypedParamsAddULLong (
          params, n, &allocated, VIR_DOMAIN_JOB_TIME_ELAPSED,
          (unsigned long long) ((mig_clock_now () - leaving.since_ns) / MIG_NS_PER_MS));
      virTypedParamsAddULLong (params, n, &allocated, VIR_DOMAIN_JOB_MEMORY_REMAINING, 0);
      if (leaving.round)
        virTypedParamsAddULLong (params, n, &allocated, VIR_DOMAIN_JOB_MEMORY_ITERATION,
                                 leaving.round);
      return virTypedParamsAddInt (params, n, &allocated, VIR_DOMAIN_JOB_OPERATION,
                                   VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT);
    }
  if (!post_copy.failed || !is_on_a (domain) || post_copy.asked++ >= post_copy.ends)
    return 0;
  *type = VIR_DOMAIN_JOB_UNBOUNDED;
  virTypedParamsAddULLong (params, n, &allocated, VIR_DOMAIN_JOB_MEMORY_PROCESSED,
                           MIN (post_copy.asked, post_copy.sends));
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
  leaving.limits++;
  return 0;
}

/* which the driver for tests does not know */
int
virDomainMigrateStartPostCopy (virDomainPtr domain, unsigned int flags)
{
  leaving.switches++;
  return leaving.round ? 0 : -1;
}

/* the first one comes too early */
int
virDomainAbortJob (virDomainPtr domain)
{
  leaving.goes_on = ++leaving.aborts < 2;
  return leaving.goes_on ? -1 : 0;
}

int
virDomainGetState (virDomainPtr domain, int *state, int *reason, unsigned int flags)
{
  int (*get) (virDomainPtr, int *, int *, unsigned int) = (int (*) (
      virDomainPtr, int *, int *, unsigned int)) dlsym (RTLD_NEXT, "virDomainGetState");
  int result = get (domain, state, reason, flags);

  if (result == 0 && leaving.arrives && !is_on_a (domain))
    {
      gboolean waits = leaving.goes_on && leaving.asked < leaving.ends;
      *state = waits ? VIR_DOMAIN_PAUSED : VIR_DOMAIN_SHUTOFF;
      *reason = VIR_DOMAIN_PAUSED_MIGRATION;
    }
  if (result == 0 && copy.is_left && is_on_a (domain))
    {
      gboolean over = copy.asked++ >= copy.ends;
      *state = over ? VIR_DOMAIN_SHUTOFF : VIR_DOMAIN_PAUSED;
      *reason = VIR_DOMAIN_PAUSED_POSTCOPY;
    }
  if (result == 0 && *state == VIR_DOMAIN_SHUTOFF)
    *reason = shutoff_reason;
  if (result == 0 && post_copy.failed && is_on_a (domain))
    {
      gboolean over = post_copy.asked >= post_copy.ends;
      *state = over ? VIR_DOMAIN_SHUTOFF : VIR_DOMAIN_PAUSED;
      *reason = over ? VIR_DOMAIN_SHUTOFF_MIGRATED : VIR_DOMAIN_PAUSED_POSTCOPY_FAILED;
    }
  return result;
}

/* What a host has of the guest. */
typedef enum { NOTHING, SHUT_OFF, RUNNING } Has;

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

static void
add_move (MigInterrupted *self, const char *from, const char *to, MigMoveState state)
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

static MigInterrupted *
interrupted_new (void)
{
  MigInterrupted *self = g_new0 (MigInterrupted, 1);

  self->moves = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
  self->starts = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->open = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->plans = 1;
  return self;
}

static Has on_c = NOTHING;

/* settle_within: with hosts 'a' and 'b' that have that of the guest, and 'c'. */
static void
settle_within (const MigSettleLimit *limit, MigInterrupted *interrupted, Has a, Has b)
{
  static const char xml[] = "<execution/>";
  const MigManifest manifest = { .study_name = (char *) "plan", .study_title = (char *) "t" };
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (top, "r", NULL);
  g_autofree char *uri_a = host_with ("a", a), *uri_b = host_with ("b", b),
                  *uri_c = host_with ("c", on_c);
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

static void
settle (MigInterrupted *interrupted, Has a, Has b)
{
  const MigSettleLimit none = { 0, MIG_TIMEOUT_ABORT };

  settle_within (&none, interrupted, a, b);
}

/* settle_leaving: while a migration goes on from 'a', to 'b' or elsewhere. */
static void
settle_leaving (const MigSettleLimit *limit, MigInterrupted *interrupted, gboolean to_b)
{
  leaving.goes_on = TRUE;
  leaving.arrives = to_b;
  leaving.asked = leaving.aborts = leaving.limits = leaving.switches = 0;
  settle_within (limit, interrupted, RUNNING, to_b ? RUNNING : NOTHING);
  leaving.goes_on = leaving.arrives = FALSE;
}

static const MigPlannedMove *
move_of (const MigInterrupted *interrupted, guint index)
{
  return interrupted->moves->pdata[index];
}

/* A guest of a migration that was under way: what is left of it on both hosts tells its end, and a
 * third host that has it. */
static void
test_ends (void)
{
  static const struct {
    Has a, b, c;
    int reason;
    MigMoveState state;
    const char *status, *where;
  } cases[] = {
    { NOTHING, RUNNING, NOTHING, 0, MIG_MOVE_DONE, "ok", "b" },
    { SHUT_OFF, RUNNING, NOTHING, VIR_DOMAIN_SHUTOFF_MIGRATED, MIG_MOVE_DONE, "ok", "b" },
    { RUNNING, NOTHING, NOTHING, 0, MIG_MOVE_DROPPED, "aborted", "a" },
    { NOTHING, NOTHING, NOTHING, 0, MIG_MOVE_FAILED, "failed", NULL },
    { SHUT_OFF, NOTHING, NOTHING, VIR_DOMAIN_SHUTOFF_CRASHED, MIG_MOVE_FAILED, "failed", NULL },
    { SHUT_OFF, SHUT_OFF, NOTHING, VIR_DOMAIN_SHUTOFF_UNKNOWN, MIG_MOVE_FAILED, "failed", NULL },
    { SHUT_OFF, NOTHING, NOTHING, VIR_DOMAIN_SHUTOFF_SHUTDOWN, MIG_MOVE_GONE, "aborted", NULL },
    { NOTHING, SHUT_OFF, NOTHING, VIR_DOMAIN_SHUTOFF_DESTROYED, MIG_MOVE_GONE, "aborted", NULL },
    { SHUT_OFF, NOTHING, NOTHING, VIR_DOMAIN_SHUTOFF_MIGRATED, MIG_MOVE_GONE, "aborted", NULL },
    { SHUT_OFF, SHUT_OFF, NOTHING, VIR_DOMAIN_SHUTOFF_MIGRATED, MIG_MOVE_GONE, "aborted", NULL },
    { SHUT_OFF, NOTHING, RUNNING, VIR_DOMAIN_SHUTOFF_MIGRATED, MIG_MOVE_DROPPED, "aborted", "c" },
    { NOTHING, NOTHING, RUNNING, 0, MIG_MOVE_DROPPED, "aborted", "c" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MigInterrupted) interrupted = interrupted_new ();
      add_move (interrupted, "a", "b", MIG_MOVE_RUNNING);
      shutoff_reason = cases[i].reason;
      on_c = cases[i].c;
      settle (interrupted, cases[i].a, cases[i].b);
      on_c = NOTHING;
      const MigPlannedMove *move = move_of (interrupted, 0);
      g_assert_cmpint (move->state, ==, cases[i].state);
      g_assert_cmpstr (move->record->status, ==, cases[i].status);
      g_assert_cmpstr (move->where, ==, cases[i].where);
      g_assert_cmpint (move->taken, ==,
                       cases[i].state == MIG_MOVE_GONE &&
                           cases[i].reason == VIR_DOMAIN_SHUTOFF_MIGRATED);
      g_assert_true (cases[i].c == NOTHING ||
                     strstr (move->record->reason, "somebody else moved the guest to host 'c'"));
      g_assert_cmpint (move->lost, ==, cases[i].state == MIG_MOVE_FAILED);
      g_assert_cmpint (move->lost, ==, mig_migration_row_is_lost (move->record));
    }
}

/* A post-copy that libvirt has given up is waited for while it sends: it may come to its end. Where
 * it does not, the guest has to be recovered, and its copy on the source is a part of it. */
static void
test_post_copy (void)
{
  for (guint ends = 0; ends < 2; ends++)
    {
      g_autoptr (MigInterrupted) interrupted = interrupted_new ();
      add_move (interrupted, "a", "b", MIG_MOVE_RUNNING);
      post_copy.failed = TRUE;
      post_copy.asked = 0;
      post_copy.ends = 1000;
      post_copy.sends = ends ? post_copy.ends : 100;
      settle (interrupted, RUNNING, RUNNING);
      post_copy.failed = FALSE;
      const MigPlannedMove *move = move_of (interrupted, 0);
      g_assert_cmpint (move->state, ==, ends ? MIG_MOVE_DONE : MIG_MOVE_FAILED);
      g_assert_cmpstr (move->where, ==, ends ? "b" : NULL);
      g_assert_cmpint (post_copy.asked >= post_copy.ends, ==, ends);
      g_assert_false (move->lost);
      if (ends)
        continue;
      g_assert_cmpstr (move->record->status, ==, "failed");
      g_assert_nonnull (strstr (move->record->reason,
                                "'virsh migrate --postcopy-resume' recovers it from host 'a'"));
      g_assert_null (strstr (move->record->reason, "destroy"));
    }
}

/* One that goes on has its timeout, from its beginning: that of the execution, or by what was
 * predicted. */
static void
test_timeout (void)
{
  static const struct {
    MigSettleLimit limit;
    double predicted_s;
    guint ends;
    const char *status, *stopped_by;
    double took_s;
  } cases[] = {
    { { 60 * MIG_NS_PER_S, MIG_TIMEOUT_ABORT }, NAN, G_MAXUINT, "timed-out", NULL, 60 },
    { { 0, MIG_TIMEOUT_ABORT }, NAN, G_MAXUINT, "timed-out", NULL, 600 },
    { { 0, MIG_TIMEOUT_ABORT }, 120, G_MAXUINT, "timed-out", NULL, 1200 },
    /* the test driver has no post-copy: it is aborted after all */
    { { 60 * MIG_NS_PER_S, MIG_TIMEOUT_POST_COPY }, NAN, G_MAXUINT, "timed-out", NULL, 60 },
    { { 60 * MIG_NS_PER_S, MIG_TIMEOUT_SUSPEND }, NAN, 900, "aborted", "suspended", 60 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MigInterrupted) interrupted = interrupted_new ();
      add_move (interrupted, "a", "b", MIG_MOVE_RUNNING);
      MigPlannedMove *move = interrupted->moves->pdata[0];
      MigInterruptedStart *start = g_hash_table_lookup (interrupted->starts, move);
      start->begun_ns = leaving.since_ns = mig_clock_now ();
      skipped_ns += 10 * MIG_NS_PER_S; /* so long nobody looked */
      move->time.value = cases[i].predicted_s;
      leaving.ends = cases[i].ends;
      settle_leaving (&cases[i].limit, interrupted, TRUE);
      g_assert_cmpstr (move->record->status, ==, cases[i].status);
      g_assert_cmpstr (move->record->stopped_by, ==, cases[i].stopped_by);
      g_assert_cmpuint (leaving.aborts, ==, cases[i].stopped_by ? 0 : 2);
      g_assert_cmpint (move->state, ==, cases[i].stopped_by ? MIG_MOVE_DROPPED : MIG_MOVE_FAILED);
      g_assert_cmpint (strstr (move->record->reason, "aborted at its timeout") != NULL, ==,
                       !cases[i].stopped_by);
      double took_s = mig_units_seconds_between (move->record->start_ns, move->record->end_ns);
      g_assert_cmpfloat (took_s, >=, cases[i].took_s);
      g_assert_true (cases[i].stopped_by || took_s < cases[i].took_s + 1);
    }
}

/* One that goes on ends by its stop rule, or by post-copy, as if it had been watched all the while:
 * with the rounds that were over before; but what it was made to end by before it is not again. On
 * what somebody else has begun since none of it is imposed. */
static void
test_stop_rule (void)
{
  static const struct {
    MigStopRule rule;
    MigTechnique technique;
    MigStopCause before;
    guint round;
    const char *stopped_by;
    guint limits, switches;
  } cases[] = {
    { MIG_STOP_HYPERVISOR, MIG_TECHNIQUE_PRE_COPY, MIG_STOP_NOT_YET, 40, NULL, 0, 0 },
    { MIG_STOP_XEN_4_4, MIG_TECHNIQUE_PRE_COPY, MIG_STOP_NOT_YET, 29, NULL, 0, 0 },
    { MIG_STOP_XEN_4_4, MIG_TECHNIQUE_PRE_COPY, MIG_STOP_NOT_YET, 30, "rounds", 1, 0 },
    { MIG_STOP_XEN_4_6, MIG_TECHNIQUE_PRE_COPY, MIG_STOP_NOT_YET, 30, "rounds", 1, 0 },
    { MIG_STOP_XEN_4_4, MIG_TECHNIQUE_PRE_COPY, MIG_STOP_RAM, 30, "ram", 0, 0 },
    { MIG_STOP_HYPERVISOR, MIG_TECHNIQUE_POST_COPY, MIG_STOP_NOT_YET, 1, NULL, 0, 0 },
    { MIG_STOP_HYPERVISOR, MIG_TECHNIQUE_POST_COPY, MIG_STOP_NOT_YET, 2, "post-copy", 0, 1 },
    { MIG_STOP_XEN_4_4, MIG_TECHNIQUE_POST_COPY, MIG_STOP_POST_COPY, 30, "post-copy", 0, 0 },
  };

  static const struct {
    gint64 begun_s; /* after the beginning that was noted */
    gboolean to_b;
    gint64 seen_s; /* when a round of the noted one began; 0: none was seen */
    gboolean other;
  } jobs[] = {
    { 0, TRUE, 0, FALSE },  { 0, TRUE, 1, FALSE },  { 20, TRUE, 30, FALSE },
    { 100, TRUE, 0, TRUE }, { 20, FALSE, 0, TRUE }, { 20, TRUE, 1, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint j = 0; j < G_N_ELEMENTS (jobs); j++)
      {
        gboolean other = jobs[j].other;
        g_autoptr (MigInterrupted) interrupted = interrupted_new ();
        const MigSettleLimit limit = { 600 * MIG_NS_PER_S, MIG_TIMEOUT_ABORT, cases[i].rule,
                                       cases[i].technique };
        gboolean imposed = cases[i].before == MIG_STOP_NOT_YET && cases[i].stopped_by;
        add_move (interrupted, "a", "b", MIG_MOVE_RUNNING);
        const MigPlannedMove *move = move_of (interrupted, 0);
        MigInterruptedStart *start = g_hash_table_lookup (interrupted->starts, move);
        start->begun_ns = mig_clock_now ();
        if (jobs[j].seen_s)
          start->job_seen_ns = start->begun_ns + jobs[j].seen_s * MIG_NS_PER_S;
        start->stop_cause = cases[i].before;
        start->stop_ns = start->begun_ns;
        leaving.since_ns = start->begun_ns + jobs[j].begun_s * MIG_NS_PER_S;
        skipped_ns += 100 * MIG_NS_PER_S;
        leaving.ends = 50;
        leaving.round = cases[i].round;
        settle_leaving (&limit, interrupted, jobs[j].to_b);
        leaving.round = 0;
        g_assert_cmpuint (leaving.aborts, ==, 0);
        g_assert_cmpuint (leaving.limits, ==, other ? 0 : cases[i].limits);
        g_assert_cmpuint (leaving.switches, ==, other ? 0 : cases[i].switches);
        g_assert_cmpstr (move->record->stopped_by, ==,
                         imposed && other ? NULL : cases[i].stopped_by);
        g_assert_cmpint (MIG_IS_MISSING (move->record->stop_ns), ==, !move->record->stopped_by);
        g_assert_cmpstr (move->record->technique, ==,
                         other ? NULL : mig_technique_info (cases[i].technique)->name);
        g_assert_cmpint (move->record->stop_rule == NULL, ==, other);
      }
}

/* What somebody else has begun since is waited for, and never aborted: another way to the same
 * host, or one to elsewhere, soon after the beginning that was noted. */
static void
test_others (void)
{
  const MigSettleLimit limit = { 60 * MIG_NS_PER_S, MIG_TIMEOUT_ABORT };

  for (guint to_b = 0; to_b < 2; to_b++)
    {
      g_autoptr (MigInterrupted) interrupted = interrupted_new ();
      add_move (interrupted, "a", "b", MIG_MOVE_RUNNING);
      const MigPlannedMove *move = move_of (interrupted, 0);
      MigInterruptedStart *start = g_hash_table_lookup (interrupted->starts, move);
      start->begun_ns = mig_clock_now ();
      leaving.since_ns = start->begun_ns + (to_b ? 100 : 20) * MIG_NS_PER_S;
      skipped_ns += 100 * MIG_NS_PER_S;
      leaving.ends = 900;
      settle_leaving (&limit, interrupted, to_b);
      g_assert_cmpuint (leaving.aborts, ==, 0);
      g_assert_cmpstr (move->record->status, ==, "aborted");
    }
}

/* By the clock of another boot a beginning may lie ahead: then nobody knows when it was, and the
 * timeout does not hold. */
static void
test_other_boot (void)
{
  const MigSettleLimit limit = { 60 * MIG_NS_PER_S, MIG_TIMEOUT_ABORT };
  g_autoptr (MigInterrupted) interrupted = interrupted_new ();

  add_move (interrupted, "a", "b", MIG_MOVE_RUNNING);
  const MigPlannedMove *move = move_of (interrupted, 0);
  MigInterruptedStart *start = g_hash_table_lookup (interrupted->starts, move);
  leaving.since_ns = mig_clock_now ();
  start->begun_ns = leaving.since_ns + 24 * 3600 * MIG_NS_PER_S;
  leaving.ends = 900;
  settle_leaving (&limit, interrupted, TRUE);
  g_assert_cmpuint (leaving.aborts, ==, 0);
  g_assert_cmpstr (move->record->status, ==, "aborted");
  g_assert_true (MIG_IS_MISSING (move->record->start_ns));
  g_assert_false (MIG_IS_MISSING (move->record->end_ns));
  g_assert_true (isnan (move->time_s));
}

/* A guest that has just arrived: its source has some seconds to end what it has left; a client that
 * ended in the middle leaves that for good. */
static void
test_copy (void)
{
  for (guint stays = 0; stays < 2; stays++)
    {
      g_autoptr (MigInterrupted) interrupted = interrupted_new ();
      copy.is_left = TRUE;
      copy.asked = 0;
      copy.ends = stays ? G_MAXUINT : 3;
      shutoff_reason = VIR_DOMAIN_SHUTOFF_MIGRATED;
      add_move (interrupted, "a", "b", MIG_MOVE_RUNNING);
      settle (interrupted, RUNNING, RUNNING);
      copy.is_left = FALSE;
      const MigPlannedMove *move = move_of (interrupted, 0);
      const MigMigrationRecord *row = move->record;
      g_assert_cmpint (move->state, ==, stays ? MIG_MOVE_DROPPED : MIG_MOVE_DONE);
      g_assert_cmpstr (row->status, ==, stays ? "aborted" : "ok");
      g_assert_true (!row->reason == !stays);
      if (stays)
        g_assert_nonnull (strstr (row->reason, "the copy on the source is what the migration"));
    }
}

/* Nothing had begun to move it: then it has ended. What is lost on its first way does not end
 * before the second. */
static void
test_not_begun (void)
{
  g_autoptr (MigInterrupted) waiting = interrupted_new (), lost = interrupted_new ();

  add_move (waiting, "a", "b", MIG_MOVE_WAITING);
  settle (waiting, NOTHING, NOTHING);
  g_assert_cmpint (move_of (waiting, 0)->state, ==, MIG_MOVE_GONE);
  add_move (lost, "a", "b", MIG_MOVE_RUNNING);
  add_move (lost, "b", "a", MIG_MOVE_WAITING);
  settle (lost, NOTHING, NOTHING);
  g_assert_cmpint (move_of (lost, 0)->state, ==, MIG_MOVE_FAILED);
  g_assert_cmpint (move_of (lost, 1)->state, ==, MIG_MOVE_WAITING);
  g_assert_cmpuint (move_of (lost, 1)->attempt, ==, 0);
}

/* What an earlier process wrote of a failure. */
static void
test_row (void)
{
  static const struct {
    const char *reason;
    gint64 resumed_ns;
    gboolean lost;
  } cases[] = {
    { "no; the guest is running on host 'a' alone", MIG_MISSING_INT, FALSE },
    { "no; " MIG_MIGRATION_LOST, MIG_MISSING_INT, TRUE },
    { "no; " MIG_MIGRATION_LOST "; host 'a' said: stopped crashed", MIG_MISSING_INT, TRUE },
    { "no; " MIG_MIGRATION_LOST "; host 'a' said: stopped shut down", MIG_MISSING_INT, FALSE },
    { "no; " MIG_MIGRATION_LOST "; host 'a' said: stopped destroyed", 1, TRUE },
    { NULL, MIG_MISSING_INT, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MigMigrationRecord row;
      mig_record_init (MIG_TABLE_MIGRATIONS, &row);
      row.source = (char *) "a";
      row.reason = (char *) cases[i].reason;
      row.resumed_ns = cases[i].resumed_ns;
      g_assert_cmpint (mig_migration_row_is_lost (&row), ==, cases[i].lost);
    }
}

int
main (int argc, char **argv)
{
  top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  uuid = g_uuid_string_random ();
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (NULL));
  g_test_add_func ("/settle/ends", test_ends);
  g_test_add_func ("/settle/copy", test_copy);
  g_test_add_func ("/settle/not-begun", test_not_begun);
  g_test_add_func ("/settle/post-copy", test_post_copy);
  g_test_add_func ("/settle/timeout", test_timeout);
  g_test_add_func ("/settle/stop-rule", test_stop_rule);
  g_test_add_func ("/settle/others", test_others);
  g_test_add_func ("/settle/other-boot", test_other_boot);
  g_test_add_func ("/settle/row", test_row);
  int status = g_test_run ();
  mig_loop_stop ();
  mig_files_remove_tree (top, NULL);
  g_free (uuid);
  g_free (top);
  return status;
}
