/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "watch/migration-text.h"

/* What hosts say of a guest, look for look, when no event tells. */

#define SECOND MIG_NS_PER_S
#define NEVER MIG_MISSING_INT

typedef struct {
  const char *name;
  int source, destination;         /* -1: not watched */
  gint64 suspended_ns, resumed_ns; /* events that came */
  gboolean post_copy, broken;      /* the same */
  MigSide says_source, says_destination;
  guint looks; /* after so many it is over; 0: it goes on */
  gint64 end_ns;
  const char *failure; /* NULL: it moved */
  gboolean unseen;
} Case;

/* The first look is at 100 s, one a second. */
#define AT(looks) ((99 + (looks)) * SECOND)
#define MINUTE 61

static const Case cases[] = {
  { "job-runs", 0, 1, NEVER, NEVER, FALSE, FALSE, MIG_SIDE_JOB, MIG_SIDE_ARRIVING, 0 },
  { "job-ended", 0, 1, NEVER, NEVER, FALSE, FALSE, MIG_SIDE_RUNNING, MIG_SIDE_ARRIVING, 2, AT (1),
    "the job ended, but the guest did not move" },
  /* a query that fails tells nothing */
  { "no-answer", 0, 1, NEVER, NEVER, FALSE, FALSE, MIG_SIDE_UNKNOWN, MIG_SIDE_ARRIVING, 0 },
  { "no-answer-for-long", 0, 1, NEVER, NEVER, FALSE, FALSE, MIG_SIDE_UNKNOWN, MIG_SIDE_UNKNOWN,
    MINUTE, AT (1), "no host told of its end", TRUE },
  { "switch-over", 0, 1, 50 * SECOND, NEVER, FALSE, FALSE, MIG_SIDE_PAUSED, MIG_SIDE_ARRIVING,
    MINUTE, AT (1), "the job ended, and the guest stands still on the source" },
  { "switch-over-failed", 0, 1, 50 * SECOND, NEVER, FALSE, FALSE, MIG_SIDE_PAUSED, MIG_SIDE_ABSENT,
    2, AT (1), "the job ended, and the guest stands still on the source" },
  /* it goes on there, and the source has not let go of it yet */
  { "confirming", 0, 1, 50 * SECOND, 51 * SECOND, FALSE, FALSE, MIG_SIDE_PAUSED, MIG_SIDE_RUNNING,
    MINUTE, 51 * SECOND },
  { "source-lost", 0, 1, 50 * SECOND, 51 * SECOND, FALSE, FALSE, MIG_SIDE_UNKNOWN, MIG_SIDE_RUNNING,
    2, 51 * SECOND },
  { "source-back-without", 0, 1, 50 * SECOND, 51 * SECOND, FALSE, FALSE, MIG_SIDE_ABSENT,
    MIG_SIDE_RUNNING, 2, 51 * SECOND },
  /* its memory came later than the guest: when, nobody has seen */
  { "post-copy-source-back", 0, 1, 50 * SECOND, 51 * SECOND, TRUE, FALSE, MIG_SIDE_ABSENT,
    MIG_SIDE_RUNNING, 2, AT (1) },
  { "post-copy-source-lost", 0, 1, 50 * SECOND, 51 * SECOND, TRUE, FALSE, MIG_SIDE_UNKNOWN,
    MIG_SIDE_ARRIVING, 0 },
  { "post-copy-broken", 0, 1, 50 * SECOND, 51 * SECOND, TRUE, TRUE, MIG_SIDE_PAUSED,
    MIG_SIDE_PAUSED, 0 },
  { "resumed-missed", 0, 1, 50 * SECOND, NEVER, FALSE, FALSE, MIG_SIDE_ABSENT, MIG_SIDE_RUNNING, 2,
    AT (1) },
  { "shut-off-by-migration", 0, -1, 50 * SECOND, NEVER, FALSE, FALSE, MIG_SIDE_MIGRATED,
    MIG_SIDE_UNKNOWN, 2, AT (1) },
  { "gone", 0, 1, NEVER, NEVER, FALSE, FALSE, MIG_SIDE_ABSENT, MIG_SIDE_ABSENT, 2, AT (1),
    "the guest is on neither host any more" },
  { "back-since", 0, 1, 50 * SECOND, 51 * SECOND, FALSE, FALSE, MIG_SIDE_RUNNING, MIG_SIDE_ABSENT,
    2, 51 * SECOND },
  { "destination-alone-arriving", -1, 1, NEVER, NEVER, FALSE, FALSE, MIG_SIDE_UNKNOWN,
    MIG_SIDE_ARRIVING, 0 },
  { "destination-alone-paused", -1, 1, NEVER, NEVER, FALSE, FALSE, MIG_SIDE_UNKNOWN,
    MIG_SIDE_PAUSED, 2, AT (1) },
  { "destination-alone-absent", -1, 1, NEVER, NEVER, FALSE, FALSE, MIG_SIDE_UNKNOWN,
    MIG_SIDE_ABSENT, 2, AT (1), "cancelled or failed: it did not continue on the destination" },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  MigTrackedMigration migration = { .source = c->source,
                                    .destination = c->destination,
                                    .start_ns = 10 * SECOND,
                                    .suspended_ns = c->suspended_ns,
                                    .resumed_ns = c->resumed_ns,
                                    .end_ns = NEVER,
                                    .post_copy_ns = c->post_copy ? c->suspended_ns : NEVER,
                                    .broken = c->broken };
  guint looks = 0;

  while (looks < 200 && MIG_IS_MISSING (migration.end_ns))
    {
      looks++;
      mig_migration_reconcile (&migration, c->says_source, c->says_destination, AT (looks));
    }
  g_assert_cmpuint (MIG_IS_MISSING (migration.end_ns) ? 0 : looks, ==, c->looks);
  g_assert_cmpstr (migration.failure, ==, c->failure);
  g_assert_cmpint (migration.unseen, ==, c->unseen);
  if (c->looks)
    g_assert_cmpint (migration.end_ns, ==, c->end_ns);
  g_free (migration.failure);
}

/* Two looks in a row: one that falls between the end and its event is none. */
static void
test_look_between (void)
{
  MigTrackedMigration migration = { .source = 0,
                                    .destination = 1,
                                    .suspended_ns = NEVER,
                                    .resumed_ns = NEVER,
                                    .end_ns = NEVER,
                                    .post_copy_ns = NEVER };

  for (guint i = 1; i < 20; i++)
    mig_migration_reconcile (&migration, i % 2 ? MIG_SIDE_RUNNING : MIG_SIDE_JOB, MIG_SIDE_UNKNOWN,
                             AT (i));
  g_assert_true (MIG_IS_MISSING (migration.end_ns));
}

typedef struct {
  MigTrackedMigration migration;
  const char *to, *clients, *text;
} Told;

static void
test_text (void)
{
  static const Told told[] = {
    { { .guest = (char *) "web",
        .start_ns = 0,
        .suspended_ns = SECOND,
        .resumed_ns = 2 * SECOND,
        .end_ns = 3 * SECOND,
        .post_copy_ns = NEVER },
      "host2",
      NULL,
      "web: moved from host1 to host2 in 3.00 s, downtime 1.00 s by events" },
    { { .guest = (char *) "web",
        .start_ns = 0,
        .suspended_ns = SECOND,
        .resumed_ns = 2 * SECOND,
        .owner_suspended = TRUE,
        .end_ns = 3 * SECOND,
        .post_copy_ns = NEVER },
      "host2",
      "outage 1.10 s, silence 1.20 s",
      "web: moved from host1 to host2 in 3.00 s, downtime 1.00 s by events, suspended by its owner "
      "while copying; clients: outage 1.10 s, silence 1.20 s" },
    { { .guest = (char *) "web",
        .start_ns = 0,
        .suspended_ns = NEVER,
        .resumed_ns = NEVER,
        .end_ns = 0,
        .post_copy_ns = NEVER,
        .late = TRUE },
      NULL,
      NULL,
      "web: moved from host1 to elsewhere" },
    { { .guest = (char *) "web",
        .start_ns = 0,
        .suspended_ns = SECOND,
        .resumed_ns = 2 * SECOND,
        .end_ns = 9 * SECOND,
        .post_copy_ns = SECOND,
        .recoveries = 1 },
      "host2",
      NULL,
      "web: moved from host1 to host2 in 9.00 s, downtime 1.00 s by events, by post-copy, which "
      "failed and was recovered 1 time" },
    { { .guest = (char *) "web",
        .start_ns = 0,
        .suspended_ns = SECOND,
        .resumed_ns = 2 * SECOND,
        .end_ns = 2 * SECOND,
        .post_copy_ns = NEVER,
        .failure = (char *) "cancelled" },
      "host2",
      NULL,
      "web: did not move from host1 after 2.00 s: cancelled; it stood still for "
      "1.00 s" },
    { { .guest = (char *) "web",
        .start_ns = 0,
        .suspended_ns = NEVER,
        .resumed_ns = NEVER,
        .end_ns = 7 * SECOND,
        .post_copy_ns = NEVER,
        .failure = (char *) "the watch ended first",
        .unseen = TRUE },
      "host2",
      NULL,
      "web: moving from host1 to host2, the end not seen after 7.00 s: the watch ended first" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    {
      g_autofree char *text = mig_migration_text (&told[i].migration, "host1", told[i].to,
                                                  told[i].clients);
      g_assert_cmpstr (text, ==, told[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/migration-reconcile/%s", cases[i].name);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/migration-reconcile/look-between", test_look_between);
  g_test_add_func ("/migration-text", test_text);
  return g_test_run ();
}
