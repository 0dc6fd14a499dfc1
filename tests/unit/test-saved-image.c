/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "hosts/saved-image.h"
#include "tests/unit/pool-host.h"

/* Files of saved guests: how large they become, whether there is room, what they are called, and
 * that they go; on the host that libvirt makes up for tests, whose pool has 100 GiB. */

#define UUID "11111111-2222-4333-8444-555555555555"
#define POOL_BYTES (100 * 1024 * MIG_MIB)

static const MigStudyHost alpha = { .name = (char *) "alpha" };

static void
test_size (void)
{
  MigStudyWorkload cpu = { .type = (char *) "cpu" };
  MigStudyWorkload memory = { .type = (char *) "memory", .wss_bytes = 460000000 };
  MigStudyGuest small = { .workload = &cpu, .memory_bytes = 64 * MIG_MIB };
  MigStudyGuest idle = { .workload = &cpu, .memory_bytes = 512 * MIG_MIB };
  MigStudyGuest busy = { .workload = &memory, .memory_bytes = 512 * MIG_MIB };
  MigStudyGuest large = { .workload = &memory, .memory_bytes = 4096 * MIG_MIB };
  MigRunHost lab = { .save_directory = (char *) "/" };
  MigRunHost other = { .save_place = (char *) POOL };

  g_assert_cmpuint (mig_saved_image_size (&lab, &small), ==, 64 * MIG_MIB);
  g_assert_cmpuint (mig_saved_image_size (&lab, &idle), ==, 96 * MIG_MIB);
  g_assert_cmpuint (mig_saved_image_size (&lab, &busy), ==, 512 * MIG_MIB);
  g_assert_cmpuint (mig_saved_image_size (&lab, &large), ==, 460000000 + 96 * MIG_MIB);
  g_assert_cmpuint (mig_saved_image_size (&other, &idle), ==, 512 * MIG_MIB);
  g_assert_cmpuint (mig_saved_image_size (&other, &large), ==, 4096 * MIG_MIB);
}

static void
test_can (void)
{
  MigRunHost none = { .study = &alpha };
  MigRunHost lab = { .save_directory = (char *) "/" };
  MigRunHost other = { .save_place = (char *) POOL };

  g_assert_false (mig_saved_image_can (&none));
  g_assert_true (mig_saved_image_can (&lab));
  g_assert_true (mig_saved_image_can (&other));
}

/* What is free in the pool, less what is left to others: a twentieth of it, as it is large. */
static void
test_room (void)
{
  g_autoptr (MigHost) host = pool_host_open ();
  g_autoptr (GError) error = NULL;
  MigRunHost there = { .study = &alpha, .host = host, .save_place = (char *) POOL };

  g_assert_true (mig_saved_image_has_room (&there, POOL_BYTES / 20 * 19, 0, &error));
  g_assert_no_error (error);
  g_assert_false (mig_saved_image_has_room (&there, POOL_BYTES / 100 * 97, 0, &error));
  g_assert_cmpstr (
      error->message, ==,
      "saving them needs 110 GB of 'default-pool' on host 'alpha', and 107 GB is free");
  g_clear_error (&error);
  there.save_place = (char *) "nowhere";
  g_assert_false (mig_saved_image_has_room (&there, 0, 0, &error));
  g_assert_nonnull (strstr (error->message, "host 'h' has no storage pool 'nowhere'"));
}

static gboolean
is_in_pool (const char *volume)
{
  virStoragePoolPtr pool = virStoragePoolLookupByName (pool_host_connection (), POOL);
  virStorageVolPtr found = virStorageVolLookupByName (pool, volume);

  if (found)
    virStorageVolFree (found);
  virStoragePoolFree (pool);
  return found != NULL;
}

/* leave: an image, and the file that a hypervisor would make of it; its name, which the caller
 * frees. */
static char *
leave (const MigRunHost *there, MigUndo *undo, MigSavedImage **image)
{
  g_autoptr (GError) error = NULL;

  *image = mig_saved_image_new (there, UUID, undo, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix ((*image)->path, DIRECTORY "/migcost-guest-"));
  g_autofree char *name = g_path_get_basename ((*image)->path);
  g_assert_false (is_in_pool (name));
  pool_host_put (name);
  return g_steal_pointer (&name);
}

/* By its owner, by undo, and by the next start. */
static void
test_goes (void)
{
  g_autoptr (MigHost) host = pool_host_open ();
  g_autoptr (GError) error = NULL;
  MigUndo *undo = mig_undo_new (&error);
  MigRunHost there = {
    .study = &alpha, .host = host, .save_place = (char *) POOL, .save_path = (char *) DIRECTORY
  };
  MigSavedImage *one, *other, *third;
  g_autofree char *first = leave (&there, undo, &one);
  g_autofree char *second = leave (&there, undo, &other);
  guint recovered;

  g_assert_cmpstr (first, !=, second);
  mig_saved_image_free (one, undo);
  g_assert_false (is_in_pool (first));
  g_assert_true (is_in_pool (second));
  g_assert_true (mig_undo_all (undo, &error));
  g_assert_false (is_in_pool (second));
  mig_saved_image_free (other, undo); /* gone already: no error */

  g_autofree char *name = leave (&there, undo, &third);
  mig_undo_free (undo); /* as if it had been killed: the journal stays */
  g_assert_true (mig_undo_recover (&recovered, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (recovered, ==, 1);
  g_assert_false (is_in_pool (name));
  g_free (third->volume);
  g_free (third->path);
  g_free (third);
}

/* A file of the lab's goes, too. */
static void
test_lab (void)
{
  g_autofree char *directory = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  MigRunHost lab = { .study = &alpha, .save_directory = directory };
  MigSavedImage *image = mig_saved_image_new (&lab, UUID, NULL, NULL);
  g_autofree char *path = g_build_filename (directory, UUID ".save", NULL);

  g_assert_cmpstr (image->path, ==, path);
  g_assert_null (image->volume);
  g_assert_true (g_file_set_contents (path, DATA, -1, NULL));
  mig_saved_image_free (image, NULL);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/saved-image/size", test_size);
  g_test_add_func ("/saved-image/can", test_can);
  g_test_add_func ("/saved-image/room", test_room);
  g_test_add_func ("/saved-image/goes", test_goes);
  g_test_add_func ("/saved-image/lab", test_lab);
  pool_host_start ();
  int status = g_test_run ();
  pool_host_end ();
  return status;
}
