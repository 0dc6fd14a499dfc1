# MIG_WARNINGS: compiler warnings in WARN_CFLAGS; --enable-werror makes them errors.
AC_DEFUN([MIG_TRY_CFLAG], [
  mig_save_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS -Werror $1"
  AC_COMPILE_IFELSE([AC_LANG_SOURCE([int mig_flag_probe = 1;])], [WARN_CFLAGS="$WARN_CFLAGS $1"])
  CFLAGS=$mig_save_CFLAGS
])

AC_DEFUN([MIG_WARNINGS], [
  AC_ARG_ENABLE([werror],
    [AS_HELP_STRING([--enable-werror], [treat compiler warnings as errors (for developers and CI)])],
    [], [enable_werror=no])
  WARN_CFLAGS=
  m4_foreach_w([mig_flag],
    [-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
     -Wpointer-arith -Wwrite-strings -Wformat=2 -Wundef -Wvla -Wlogical-op -Wduplicated-cond
     -Wimplicit-fallthrough -Wno-unused-parameter -Wno-missing-field-initializers
     -fno-strict-aliasing -fstack-protector-strong],
    [MIG_TRY_CFLAG(mig_flag)])
  AS_IF([test "x$enable_werror" = xyes], [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
  AC_SUBST([WARN_CFLAGS])
])
