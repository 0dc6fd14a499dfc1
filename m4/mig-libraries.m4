# MIG_REQUIRE(VARIABLE, MODULES, DEBIAN-PACKAGE, FEDORA-PACKAGE)
AC_DEFUN([MIG_REQUIRE], [
  PKG_CHECK_MODULES([$1], [$2], [],
    [AC_MSG_ERROR([$2 was not found: install $3 (Debian, Ubuntu) or $4 (Fedora)])])
])

# MIG_LIBRARIES: every library migcost links with, with the package that holds it.
AC_DEFUN([MIG_LIBRARIES], [
  MIG_REQUIRE([GLIB], [glib-2.0 >= 2.72 gio-unix-2.0], [libglib2.0-dev], [glib2-devel])
  MIG_REQUIRE([LIBVIRT], [libvirt >= 7.0.0], [libvirt-dev], [libvirt-devel])
  MIG_REQUIRE([LIBXML], [libxml-2.0 >= 2.9], [libxml2-dev], [libxml2-devel])
  MIG_REQUIRE([JSON], [json-glib-1.0 >= 1.6], [libjson-glib-dev], [json-glib-devel])
  MIG_REQUIRE([GSL], [gsl >= 2.5], [libgsl-dev], [gsl-devel])

  # libcsv ships no pkg-config file
  AC_CHECK_HEADER([csv.h], [],
    [AC_MSG_ERROR([csv.h was not found: install libcsv-dev (Debian, Ubuntu) or libcsv-devel (Fedora)])])
  mig_save_LIBS=$LIBS
  AC_SEARCH_LIBS([csv_parse], [csv], [CSV_LIBS=$ac_cv_search_csv_parse],
    [AC_MSG_ERROR([libcsv was not found: install libcsv-dev (Debian, Ubuntu) or libcsv-devel (Fedora)])])
  LIBS=$mig_save_LIBS
  AC_SUBST([CSV_LIBS])
  AC_DEFINE([GLIB_VERSION_MIN_REQUIRED], [GLIB_VERSION_2_72], [oldest GLib API used])
  AC_DEFINE([GLIB_VERSION_MAX_ALLOWED], [GLIB_VERSION_2_72], [newest GLib API used])
])
