/**
 * The drop-in kernel: convolution and CoordConv from geometry to epilogue, on the JDK alone.
 */
module coordconv.kernels {
    requires static jdk.incubator.vector;

    exports coordconv.kernels;
    exports coordconv.kernels.benchmark;
}
