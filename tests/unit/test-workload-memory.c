/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workloads/memory.h"
#include "workloads/workload.h"

#define PAGES 1000 /* not a power of two */

/* Pages between two that nobody may touch. */
typedef struct {
  char *mapping;
  gsize size;
  MigPages pages;
  GArray *damage; /* MigPageDamage */
} Fixture;

static void
collect (const MigPageDamage *damage, void *opaque)
{
  Fixture *fixture = opaque;
  g_array_append_val (fixture->damage, *damage);
}

static void
fixture_begin (Fixture *fixture, guint64 count, gboolean random)
{
  fixture->size = (count + 2) * MIG_PAGE_BYTES;
  fixture->mapping = mmap (NULL, fixture->size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  g_assert_true (fixture->mapping != MAP_FAILED);
  char *words = fixture->mapping + MIG_PAGE_BYTES;
  g_assert_cmpint (mprotect (words, count * MIG_PAGE_BYTES, PROT_READ | PROT_WRITE), ==, 0);
  fixture->damage = g_array_new (FALSE, FALSE, sizeof (MigPageDamage));
  mig_pages_init (&fixture->pages, (uint64_t *) (void *) words, count, random, collect, fixture);
  mig_pages_fill (&fixture->pages);
}

static void
fixture_end (Fixture *fixture)
{
  munmap (fixture->mapping, fixture->size);
  g_array_unref (fixture->damage);
}

static guint64 *
word_of (MigPages *pages, guint64 page, guint word)
{
  return (guint64 *) &pages->words[page * MIG_PAGE_WORDS + word];
}

/* pages of that generation */
static guint64
count_generation (MigPages *pages, guint64 generation)
{
  guint64 found = 0;

  for (guint64 page = 0; page < pages->laps.count; page++)
    if (*word_of (pages, page, MIG_PAGE_GENERATION) == generation)
      found++;
  return found;
}

static void
test_fill (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  Fixture fixture;

  fixture_begin (&fixture, PAGES, FALSE);
  for (guint64 page = 0; page < PAGES; page++)
    for (guint word = MIG_PAGE_PATTERN; word < MIG_PAGE_WORDS; word++)
      {
        g_assert_cmpuint (*word_of (&fixture.pages, page, word), !=, 0);
        g_assert_true (g_hash_table_add (seen, word_of (&fixture.pages, page, word)));
      }
  fixture_end (&fixture);
}

/* every lap touches every page once, the last one only at its end, and none beyond (that would
 * fault) */
static void
test_laps (gconstpointer random)
{
  static const guint64 counts[] = { 1, 2, 3, 4, 255, 256, 257, PAGES };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      Fixture fixture;
      fixture_begin (&fixture, counts[i], random != NULL);
      for (guint64 lap = 0; lap < 5; lap++)
        {
          g_assert_cmpuint (count_generation (&fixture.pages, lap + 1), ==, counts[i]);
          mig_pages_update (&fixture.pages, counts[i] - 1);
          g_assert_cmpuint (count_generation (&fixture.pages, lap + 2), ==, counts[i] - 1);
          g_assert_cmpuint (count_generation (&fixture.pages, lap + 1), ==, 1);
          mig_pages_update (&fixture.pages, 1);
        }
      g_assert_cmpuint (fixture.damage->len, ==, 0);
      fixture_end (&fixture);
    }
}

/* a random lap is in another order than the one before, and not in that of the addresses */
static void
test_random_order (void)
{
  guint64 order[2][PAGES];
  guint in_place = 0, same = 0, neighbours = 0;
  MigPermutation permutation;

  for (guint lap = 0; lap < 2; lap++)
    {
      mig_permutation_init (&permutation, PAGES, lap);
      for (guint i = 0; i < PAGES; i++)
        order[lap][i] = mig_permutation_next (&permutation);
    }
  for (guint i = 0; i < PAGES; i++)
    {
      in_place += order[0][i] == i;
      same += order[0][i] == order[1][i];
      neighbours += i > 0 && order[0][i] == order[0][i - 1] + 1;
    }
  g_assert_cmpuint (in_place, <, PAGES / 50);
  g_assert_cmpuint (same, <, PAGES / 50);
  g_assert_cmpuint (neighbours, <, PAGES / 50);
}

/* Damages one word and returns what is reported within laps laps. */
static void
check_damage (gboolean random, guint64 page, guint word, guint64 wrong, guint laps)
{
  Fixture fixture;

  fixture_begin (&fixture, PAGES, random);
  mig_pages_update (&fixture.pages, 2 * PAGES);
  guint64 right = *word_of (&fixture.pages, page, word);
  *word_of (&fixture.pages, page, word) = right ^ wrong;
  mig_pages_update (&fixture.pages, laps * PAGES);
  g_assert_cmpuint (fixture.damage->len, ==, 1);
  const MigPageDamage *damage = &g_array_index (fixture.damage, MigPageDamage, 0);
  g_assert_cmpuint (damage->page, ==, page);
  g_assert_cmpuint (damage->offset, ==, word * 8);
  g_assert_cmpuint (damage->expected, ==, right);
  g_assert_cmpuint (damage->found, ==, right ^ wrong);
  fixture_end (&fixture);
}

static void
test_damage (gconstpointer random)
{
  check_damage (random != NULL, 0, MIG_PAGE_INDEX, 1, 2);
  check_damage (random != NULL, PAGES - 1, MIG_PAGE_INDEX, G_MAXUINT64, 2);
  check_damage (random != NULL, 17, MIG_PAGE_GENERATION, 1, 2);
  check_damage (random != NULL, PAGES - 1, MIG_PAGE_GENERATION, 0x80, 2);
  /* the word of the pattern that comes next is found at once, any other within all laps of a turn
   */
  check_damage (random != NULL, 17, mig_pages_rotating_word (17, 2), 1, 1);
  check_damage (random != NULL, 17, MIG_PAGE_WORDS - 1, 1, MIG_PAGE_WORDS - MIG_PAGE_PATTERN);
  check_damage (random != NULL, 0, MIG_PAGE_PATTERN, G_MAXUINT64,
                MIG_PAGE_WORDS - MIG_PAGE_PATTERN);
}

/* a page that went back to what it was a lap ago: the damage of a migration that lost an update */
static void
test_stale_page (void)
{
  guint64 copy[MIG_PAGE_WORDS];
  Fixture fixture;

  fixture_begin (&fixture, PAGES, FALSE);
  memcpy (copy, word_of (&fixture.pages, 500, 0), sizeof copy);
  mig_pages_update (&fixture.pages, PAGES);
  memcpy (word_of (&fixture.pages, 500, 0), copy, sizeof copy);
  mig_pages_update (&fixture.pages, PAGES);
  g_assert_cmpuint (fixture.damage->len, ==, 1);
  const MigPageDamage *damage = &g_array_index (fixture.damage, MigPageDamage, 0);
  g_assert_cmpuint (damage->expected, ==, 2);
  g_assert_cmpuint (damage->found, ==, 1);
  fixture_end (&fixture);
}

static GPtrArray *reports;

static void
keep_report (const char *text)
{
  g_ptr_array_add (reports, g_strdup (text));
}

static gboolean
prepare (MigGuest *guest, const char *wss, char *why)
{
  g_autofree char *word = g_strdup_printf ("wss=%s", wss);
  char *words[] = { (char *) "memory", word, NULL };

  *guest = (MigGuest){ .clock = &mig_guest_clock, .damage = keep_report };
  g_assert_true (mig_workload_setup (guest, 2, words, why));
  return guest->workload->prepare (guest, why);
}

/* the whole workload: a partial page is left off, at most 16 lines are sent, work goes on */
static void
test_reports (void)
{
  char why[MIG_GUEST_WHY_SIZE] = "";
  MigGuest guest;

  reports = g_ptr_array_new_with_free_func (g_free);
  g_assert_true (prepare (&guest, "4194305", why));
  MigPages *pages = mig_memory_pages (&guest);
  g_assert_cmpuint (pages->laps.count, ==, 1024);
  for (guint64 page = 100; page < 200; page++)
    *word_of (pages, page, MIG_PAGE_INDEX) = 7;
  while (pages->laps.lap < 2)
    guest.workload->step (&guest.workers[0]);
  g_assert_cmpuint (mig_guest_work (&guest), >=, 2 * 1024);
  g_assert_cmpuint (reports->len, ==, 16);
  g_assert_cmpstr (reports->pdata[0], ==,
                   "page 100 offset 0: expected 0000000000000064, found 0000000000000007 (lap 0)");
  guest.workload->release (&guest);
  g_ptr_array_unref (reports);
}

/* two workers of three are led into the third one's damage by nothing: each has pages of its own */
static void
test_threads (void)
{
  char why[MIG_GUEST_WHY_SIZE] = "";
  char *words[] = { (char *) "memory", (char *) "wss=40960", (char *) "threads=3", NULL };
  MigGuest guest = { .clock = &mig_guest_clock, .damage = keep_report };

  reports = g_ptr_array_new_with_free_func (g_free);
  g_assert_true (mig_workload_setup (&guest, 3, words, why));
  g_assert_true (guest.workload->prepare (&guest, why));
  guint64 *all = mig_memory_pages (&guest)->words; /* 10 pages: 4, 3 and 3 */
  g_assert_cmpuint (mig_memory_pages (&guest)->laps.count, ==, 4);
  for (guint64 page = 0; page < 10; page++)
    g_assert_cmpuint (all[page * MIG_PAGE_WORDS + MIG_PAGE_INDEX], ==, page);
  all[5 * MIG_PAGE_WORDS + MIG_PAGE_INDEX] = 77;
  guest.workload->step (&guest.workers[0]);
  guest.workload->step (&guest.workers[2]);
  g_assert_cmpuint (reports->len, ==, 0);
  guest.workload->step (&guest.workers[1]);
  g_assert_cmpuint (reports->len, ==, 1);
  g_assert_cmpstr (reports->pdata[0], ==,
                   "page 5 offset 0: expected 0000000000000005, found 000000000000004d (lap 0)");
  g_assert_cmpuint (mig_guest_work (&guest), ==, 3 * 1024);
  /* each page as often as its share was gone through: 1024 updates of 4 pages, 256; of 3, 341 and
   * once more */
  g_assert_cmpuint (all[3 * MIG_PAGE_WORDS + MIG_PAGE_GENERATION], ==, 257);
  g_assert_cmpuint (all[4 * MIG_PAGE_WORDS + MIG_PAGE_GENERATION], ==, 343);
  g_assert_cmpuint (all[9 * MIG_PAGE_WORDS + MIG_PAGE_GENERATION], ==, 342);
  guest.workload->release (&guest);

  words[1] = (char *) "wss=8192";
  guest = (MigGuest){ .clock = &mig_guest_clock, .damage = keep_report };
  g_assert_true (mig_workload_setup (&guest, 3, words, why));
  g_assert_false (guest.workload->prepare (&guest, why));
  g_assert_cmpstr (why, ==, "wss=8192 is too small for 3 threads: expected a page for each");
  g_ptr_array_unref (reports);
}

/* In a child, since it must fault: the byte at offset from the start of a prepared working set. */
static void
child_touches (gssize offset)
{
  char why[MIG_GUEST_WHY_SIZE] = "";
  MigGuest guest;

  g_assert_true (prepare (&guest, "40960", why));
  pid_t child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      signal (SIGSEGV, SIG_DFL);
      volatile char *at = (volatile char *) mig_memory_pages (&guest)->words + offset;
      *at = 1;
      _exit (0);
    }
  int status;
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  if (offset >= 0 && offset < 40960)
    g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  else
    g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGSEGV);
  guest.workload->release (&guest);
}

static void
test_guard_pages (void)
{
  child_touches (0);
  child_touches (40959);
  child_touches (40960);
  child_touches (-1);
}

static void
test_too_large (void)
{
  char why[MIG_GUEST_WHY_SIZE] = "";
  MigGuest guest;

  g_assert_false (prepare (&guest, "17592186044416", why));
  g_test_message ("%s", why);
  g_assert_true (g_str_has_prefix (why, "not enough memory for wss=17592186044416: 17"));
  g_assert_null (guest.state);
  g_assert_cmpuint (mig_memory_needed (2 * MIG_PAGE_BYTES + 1, 1000), ==,
                    2 * MIG_PAGE_BYTES + 2 * 8 + 1000 + 524288);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workload-memory/fill", test_fill);
  g_test_add_data_func ("/workload-memory/laps/sequential", NULL, test_laps);
  g_test_add_data_func ("/workload-memory/laps/random", "random", test_laps);
  g_test_add_func ("/workload-memory/random-order", test_random_order);
  g_test_add_data_func ("/workload-memory/damage/sequential", NULL, test_damage);
  g_test_add_data_func ("/workload-memory/damage/random", "random", test_damage);
  g_test_add_func ("/workload-memory/stale-page", test_stale_page);
  g_test_add_func ("/workload-memory/reports", test_reports);
  g_test_add_func ("/workload-memory/threads", test_threads);
  g_test_add_func ("/workload-memory/guard-pages", test_guard_pages);
  g_test_add_func ("/workload-memory/too-large", test_too_large);
  return g_test_run ();
}
