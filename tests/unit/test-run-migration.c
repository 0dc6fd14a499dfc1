/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "measure/case-run.h"
#include "measure/migration-state.h"
#include "results/result.h"
#include "tests/unit/existing-world.h"
#include "virt/loop.h"

/* Migrations of somebody's guest that fail, on hosts that libvirt makes up for tests and with calls
 * that stand in place of its own. */

#define PEER "qemu+tls://b/system"

static char *uuid;

/* What becomes of both kinds of migration, and how often they were asked for. */
static struct {
  virError failure;               /* of one peer-to-peer */
  const MigHost *leaves_standing; /* a direct one stops the guest there and fails; NULL: it fails */
  guint peer_to_peer, direct;
} calls;

/* libvirt's last error of this thread, in place of its own */
static __thread virErrorPtr last;

virErrorPtr __real_virGetLastError (void);
virErrorPtr __wrap_virGetLastError (void);
int __real_virDomainGetState (virDomainPtr domain, int *state, int *reason, unsigned int flags);
int __wrap_virDomainGetState (virDomainPtr domain, int *state, int *reason, unsigned int flags);

virErrorPtr
__wrap_virGetLastError (void)
{
  return last ? last : __real_virGetLastError ();
}

/* What is paused was stopped by its migration. */
int
__wrap_virDomainGetState (virDomainPtr domain, int *state, int *reason, unsigned int flags)
{
  int result = __real_virDomainGetState (domain, state, reason, flags);

  if (result == 0 && *state == VIR_DOMAIN_PAUSED && reason)
    *reason = VIR_DOMAIN_PAUSED_MIGRATION;
  return result;
}

int
virDomainGetJobStats (virDomainPtr domain, int *type, virTypedParameterPtr *params, int *n,
                      unsigned int flags)
{
  *type = VIR_DOMAIN_JOB_NONE;
  *params = NULL;
  *n = 0;
  return 0;
}

int
virDomainMigrateToURI3 (virDomainPtr domain, const char *uri, virTypedParameterPtr params,
                        unsigned int n, unsigned int flags)
{
  g_assert_cmpstr (uri, ==, PEER);
  calls.peer_to_peer++;
  last = &calls.failure;
  return -1;
}

virDomainPtr
virDomainMigrate3 (virDomainPtr domain, virConnectPtr destination, virTypedParameterPtr params,
                   unsigned int n, unsigned int flags)
{
  static virError failure = { .code = VIR_ERR_OPERATION_FAILED, .message = (char *) "broken pipe" };

  calls.direct++;
  if (calls.leaves_standing)
    {
      g_autoptr (MigGuest)
          guest = mig_guest_lookup_uuid ((MigHost *) calls.leaves_standing, uuid, NULL);
      g_assert_true (mig_guest_suspend_migration (guest, NULL));
    }
  last = &failure;
  return NULL;
}

/* world_with_result: one whose run has a result directory. */
static void
world_with_result (ExistingWorld *world, const char *a, const char *b)
{
  static const MigManifest manifest = { .study_name = (char *) "s", .study_title = (char *) "s" };
  g_autoptr (GError) error = NULL;

  calls.peer_to_peer = calls.direct = 0;
  calls.leaves_standing = NULL;
  existing_world_init (world, a, b);
  g_autofree char *path = g_build_filename (world->top, "result", NULL);
  world->writer = mig_result_writer_new (path, "<study/>\n", 9, &manifest, &error);
  g_assert_no_error (error);
  existing_world_begin (world, NULL);
  world->run->options.writer = world->writer;
}

static gboolean
count_rows (gconstpointer record, gpointer data, GError **error)
{
  ++*(guint *) data;
  return TRUE;
}

static guint
n_limits (MigResultWriter *writer)
{
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_assert_true (mig_result_writer_commit (writer, &error));
  g_autoptr (MigResult) result = mig_result_open (mig_result_writer_path (writer), &error);
  g_assert_true (mig_result_foreach (result, MIG_TABLE_LIMITS, count_rows, &n, &error));
  g_assert_no_error (error);
  return n;
}

/* A host that libvirt refuses or cannot reach may be called what its URI calls its server, as 'b'
 * is: only where the connection failed is the guest moved directly. */
static void
test_refused (void)
{
  static const struct {
    int code;
    const char *message;
    gboolean unreachable;
    int domain;
  } failures[] = {
    { VIR_ERR_MIGRATE_UNSAFE, "Unsafe migration: Migration without shared storage is unsafe",
      FALSE },
    { VIR_ERR_OPERATION_FAILED, "operation failed: domain 'vm-7' already exists on b", FALSE },
    { VIR_ERR_INTERNAL_ERROR, "cannot parse '" PEER "'", FALSE },
    { VIR_ERR_OPERATION_FAILED,
      "Operation misslungen: Verbindung zu entfernter libvirt-URI " PEER " fehlgeschlagen: "
      "unable to connect to server at 'b:16514': Connection refused",
      TRUE },
    { VIR_ERR_SYSTEM_ERROR,
      "Unable to resolve address 'b' service '16509': Temporary failure in name resolution", TRUE,
      VIR_FROM_RPC },
  };

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr (GError) error = NULL;
      ExistingWorld world;
      world_with_result (&world, uuid, NULL);
      MigRunHost *from = world.hosts->pdata[0], *to = world.hosts->pdata[1];

      calls.failure = (virError){ .code = failures[i].code,
                                  .domain = failures[i].domain,
                                  .message = (char *) failures[i].message };
      g_free (to->peer_uri);
      to->peer_uri = g_strdup (PEER);
      g_assert_true (mig_run_guest_take (world.run_guest, &error));
      MigMigration *migration = mig_migration_new (world.run, world.run_guest, to, 1);
      mig_migration_start (migration);
      mig_migration_join (migration);
      g_assert_false (mig_migration_is_ok (migration));
      g_assert_cmpuint (calls.peer_to_peer, ==, 1);
      g_assert_cmpuint (calls.direct, ==, failures[i].unreachable);
      g_assert_true (mig_run_is_unreachable (world.run, from, to) == failures[i].unreachable);
      g_assert_cmpuint (n_limits (world.writer), ==, failures[i].unreachable);
      g_autofree MigMigrationRecord *row = mig_migration_record (migration);
      g_assert_cmpstr (row->control, ==, failures[i].unreachable ? "direct" : "peer-to-peer");
      mig_migration_free (migration);
      existing_world_clear (&world);
    }
}

/* A guest that stops for the switch-over of its way home, which then breaks off, does not stay
 * stopped, and it is said where it is. */
static void
test_home (void)
{
  g_autoptr (GError) error = NULL;
  ExistingWorld world;
  world_with_result (&world, NULL, uuid);
  const MigRunHost *away = world.hosts->pdata[1];
  const MigStudyCase *study_case = world.study->cases->pdata[0];
  const MigProgress progress = {
    .position = 1, .total = 1, .case_label = study_case->label, .repetition = 1, .repetitions = 1
  };
  MigGuestState state;
  gboolean sound;

  calls.leaves_standing = away->host;
  world.run->number = 1;
  g_autoptr (MigRepetition) repetition = mig_repetition_new (world.run, &progress);
  g_assert_false (mig_case_run (repetition, study_case, world.study->cases, &sound, &error));
  g_assert_false (sound);
  g_assert_cmpuint (calls.direct, ==, 1);
  g_assert_true (mig_host_guest_state (away->host, uuid, &state, NULL));
  g_assert_cmpint (state, ==, MIG_GUEST_RUNNING);
  g_assert_error (error, MIG_ERROR, MIG_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "cannot move guest 'vm' back to host 'a': "));
  g_assert_nonnull (strstr (error->message, "; the guest is running on host 'b' alone; move it"));
  g_clear_pointer (&repetition, mig_repetition_free);
  existing_world_clear (&world);
}

/* What ended pre-copy is post-copy where the guest went on by it; that QEMU was asked is not
 * enough.
 */
static void
test_post_copy (void)
{
  for (guint switches = 0; switches < 2; switches++)
    {
      ExistingWorld world;
      world_with_result (&world, uuid, NULL);
      const MigRunHost *to = world.hosts->pdata[1];
      const MigEvent resumed = { .host = to->host,
                                 .kind = MIG_EVENT_RESUMED,
                                 .by_migration = TRUE,
                                 .detail = switches ? "resumed post-copy" : "resumed migrated" };

      world.study->technique = MIG_TECHNIQUE_POST_COPY;
      g_assert_true (mig_run_guest_take (world.run_guest, NULL));
      MigMigration *migration = mig_migration_new (world.run, world.run_guest, to, 1);
      migration->stop_cause = MIG_STOP_POST_COPY;
      mig_migration_event (migration, &resumed);
      /* the destination tells nothing of it, the source does, late */
      MigJobStatistics job;
      mig_job_statistics_init (&job);
      job.operation = MIG_OPERATION_MIGRATION_OUT;
      job.sent_bytes = 4096;
      job.post_copy_requests = switches ? 7 : 0;
      const MigEvent completed = { .host = ((MigRunHost *) world.hosts->pdata[0])->host,
                                   .kind = MIG_EVENT_JOB,
                                   .job = &job };
      migration->done = TRUE;
      mig_migration_event (migration, &completed);
      g_autofree MigMigrationRecord *row = mig_migration_record (migration);
      g_assert_cmpstr (row->technique, ==, "post-copy");
      g_assert_cmpint (row->post_copy_requests, ==, switches ? 7 : 0);
      g_assert_cmpint (row->sent_bytes, ==, 4096);
      if (switches)
        g_assert_cmpstr (row->stopped_by, ==, "post-copy");
      else
        g_assert_cmpstr (row->stopped_by, !=, "post-copy");
      mig_migration_free (migration);
      existing_world_clear (&world);
    }
}

/* tell: a source's word on a job of the guest, to a repetition. */
static void
tell (const ExistingWorld *world, MigEventKind kind, const char *detail, gint64 sent_bytes)
{
  MigJobStatistics job;
  const MigEvent event = { .host = ((MigRunHost *) world->hosts->pdata[0])->host,
                           .kind = kind,
                           .uuid = uuid,
                           .name = "job",
                           .detail = detail,
                           .job = &job };

  mig_job_statistics_init (&job);
  job.operation = MIG_OPERATION_MIGRATION_OUT;
  job.sent_bytes = sent_bytes;
  g_mutex_lock (&world->run->lock);
  world->run->listener (&event, world->run->listener_data);
  g_mutex_unlock (&world->run->lock);
}

/* A guest that is tried again: what its host tells late, of the first job or of the second, is not
 * told of the wrong one. */
static void
test_newest (void)
{
  const MigProgress progress = { .position = 1, .total = 1, .case_label = "vm", .repetition = 1 };
  ExistingWorld world;
  world_with_result (&world, uuid, NULL);
  const MigRunHost *to = world.hosts->pdata[1];
  MigMigration *both[2];

  g_assert_true (mig_run_guest_take (world.run_guest, NULL));
  g_autoptr (MigRepetition) repetition = mig_repetition_new (world.run, &progress);
  g_ptr_array_add (repetition->guests, g_steal_pointer (&world.run_guest));
  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      both[i] = mig_migration_new (world.run, repetition->guests->pdata[0], to, i + 1);
      g_ptr_array_add (repetition->migrations, both[i]);
      tell (&world, MIG_EVENT_JOB, "outgoing migration", 4096 * (i + 1));
      if (i == 0)
        both[i]->done = TRUE;
    }
  tell (&world, MIG_EVENT_SUSPENDED, "suspended post-copy", 0);
  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      g_autofree MigMigrationRecord *row = mig_migration_record (both[i]);
      g_assert_cmpint (row->sent_bytes, ==, 4096 * (i + 1));
      g_assert_cmpint (both[i]->post_copy, ==, i == 1);
    }
  g_clear_pointer (&repetition, mig_repetition_free);
  existing_world_clear (&world);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *state = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);

  uuid = g_uuid_string_random ();
  g_setenv ("XDG_STATE_HOME", state, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (&error));
  g_test_add_func ("/run-migration/refused", test_refused);
  g_test_add_func ("/run-migration/home", test_home);
  g_test_add_func ("/run-migration/post-copy", test_post_copy);
  g_test_add_func ("/run-migration/newest", test_newest);
  int status = g_test_run ();
  mig_loop_stop ();
  mig_files_remove_tree (state, NULL);
  g_free (uuid);
  return status;
}
