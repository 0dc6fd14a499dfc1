/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "workloads/blocks.h"

#define BLOCKS 100 /* not a power of two */
#define FIRST 7

/* A disk in memory, with a buffer and the damage that was found. */
typedef struct {
  guint64 words[(FIRST + BLOCKS) * MIG_BLOCK_WORDS];
  guint64 buffer[MIG_BLOCK_CHUNK * MIG_BLOCK_WORDS];
  MigBlocks blocks;
  GArray *damage; /* MigBlockDamage */
  int failure;    /* of reads */
  guint64 writes;
} Disk;

static int
read_blocks (void *opaque, uint64_t index, uint64_t n, uint64_t *words)
{
  Disk *disk = opaque;

  g_assert_cmpuint (index + n, <=, FIRST + BLOCKS);
  memcpy (words, disk->words + index * MIG_BLOCK_WORDS, n * MIG_BLOCK_BYTES);
  return disk->failure;
}

static int
write_blocks (void *opaque, uint64_t index, uint64_t n, const uint64_t *words)
{
  Disk *disk = opaque;

  g_assert_cmpuint (index, >=, FIRST);
  g_assert_cmpuint (index + n, <=, FIRST + BLOCKS);
  memcpy (disk->words + index * MIG_BLOCK_WORDS, words, n * MIG_BLOCK_BYTES);
  disk->writes += n;
  return 0;
}

static void
collect (const MigBlockDamage *damage, void *opaque)
{
  g_array_append_val (((Disk *) opaque)->damage, *damage);
}

static Disk *
disk_new (gboolean random)
{
  Disk *disk = g_new0 (Disk, 1);
  const MigBlockDevice device = { read_blocks, write_blocks, disk };

  disk->damage = g_array_new (FALSE, FALSE, sizeof (MigBlockDamage));
  mig_blocks_init (&disk->blocks, &device, disk->buffer, FIRST, BLOCKS, random, collect, disk);
  g_assert_cmpint (mig_blocks_fill (&disk->blocks), ==, 0);
  g_assert_cmpuint (disk->writes, ==, BLOCKS);
  return disk;
}

static void
disk_free (Disk *disk)
{
  g_array_unref (disk->damage);
  g_free (disk);
}

static guint64 *
block (Disk *disk, guint64 index)
{
  return disk->words + index * MIG_BLOCK_WORDS;
}

static void
update (Disk *disk, guint64 n)
{
  while (n-- > 0)
    mig_blocks_update (&disk->blocks);
}

/* only_damage: the one that was found since the last time. */
static MigBlockDamage
only_damage (Disk *disk)
{
  g_assert_cmpuint (disk->damage->len, ==, 1);
  MigBlockDamage damage = g_array_index (disk->damage, MigBlockDamage, 0);
  g_array_set_size (disk->damage, 0);
  return damage;
}

/* Each lap writes every block once, whatever the order, and finds nothing wrong. */
static void
test_laps (gconstpointer random)
{
  Disk *disk = disk_new (GPOINTER_TO_INT (random));

  for (guint64 lap = 1; lap <= 3; lap++)
    {
      update (disk, BLOCKS);
      for (guint64 i = FIRST; i < FIRST + BLOCKS; i++)
        {
          g_assert_cmpuint (block (disk, i)[MIG_BLOCK_INDEX], ==, i);
          g_assert_cmpuint (block (disk, i)[MIG_BLOCK_SEQUENCE], ==, lap + 1);
          g_assert_cmpint (mig_block_look (block (disk, i), i, lap + 1), ==, MIG_BLOCK_SOUND);
        }
    }
  g_assert_cmpuint (disk->damage->len, ==, 0);
  disk_free (disk);
}

/* What is wrong is said once, and the block is written anew. */
static void
test_damage (gconstpointer random)
{
  Disk *disk = disk_new (GPOINTER_TO_INT (random));
  guint64 before[MIG_BLOCK_WORDS], index = FIRST + 50;

  memcpy (before, block (disk, index), sizeof before);
  update (disk, BLOCKS);
  memcpy (block (disk, index), before, sizeof before); /* a lost write */
  update (disk, BLOCKS);
  MigBlockDamage damage = only_damage (disk);
  g_assert_cmpint (damage.state, ==, MIG_BLOCK_STALE);
  g_assert_cmpuint (damage.index, ==, index);
  g_assert_cmpuint (damage.expected, ==, 2);
  g_assert_cmpuint (damage.found, ==, 1);
  memcpy (block (disk, index), block (disk, index + 1), sizeof before);
  update (disk, BLOCKS);
  g_assert_cmpint (only_damage (disk).state, ==, MIG_BLOCK_MISPLACED);
  block (disk, index)[300] ^= 1; /* a bit of a torn write */
  update (disk, BLOCKS);
  g_assert_cmpint (only_damage (disk).state, ==, MIG_BLOCK_CORRUPT);
  memset (block (disk, index), 0, sizeof before); /* never written */
  update (disk, BLOCKS);
  g_assert_cmpint (only_damage (disk).state, ==, MIG_BLOCK_CORRUPT);
  mig_block_fill (block (disk, index), index, 100);
  update (disk, BLOCKS);
  damage = only_damage (disk);
  g_assert_cmpint (damage.state, ==, MIG_BLOCK_NEWER);
  g_assert_cmpstr (mig_block_state_text (damage.state), ==, "newer");
  update (disk, BLOCKS);
  g_assert_cmpuint (disk->damage->len, ==, 0);
  disk_free (disk);
}

static void
test_failure (void)
{
  Disk *disk = disk_new (FALSE);

  disk->failure = EIO;
  update (disk, 1);
  g_assert_cmpint (only_damage (disk).failure, ==, EIO);
  disk->failure = 0;
  update (disk, BLOCKS);
  g_assert_cmpuint (disk->damage->len, ==, 0);
  disk_free (disk);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/workload-io/laps/sequential", GINT_TO_POINTER (FALSE), test_laps);
  g_test_add_data_func ("/workload-io/laps/random", GINT_TO_POINTER (TRUE), test_laps);
  g_test_add_data_func ("/workload-io/damage/sequential", GINT_TO_POINTER (FALSE), test_damage);
  g_test_add_data_func ("/workload-io/damage/random", GINT_TO_POINTER (TRUE), test_damage);
  g_test_add_func ("/workload-io/failure", test_failure);
  return g_test_run ();
}
