package coordconv.verification.blocking;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.KernelInfo;
import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.LayoutTwin;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.cases.Widths;
import coordconv.verification.kernel.KernelLoader;
import coordconv.verification.kernel.PlanKernel;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The GEMM view, C[M, columns] = W[M, K] x patches[K, columns], one size at a time just under, at and
 * just over each block. All four passes run, so that M, K and columns change places.
 */
class BlockEdgeTest {
    static final List<VectorWidth> WIDTHS = Widths.ALL;

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void everyRowTail(VectorWidth width) {
        int mr = KernelInfo.of(width).mr();
        for (int m = 1; m <= 2 * mr + 1; m++) {
            check(gemm(m, 5, 19), width);
        }
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void everyColumnTail(VectorWidth width) {
        KernelInfo info = KernelInfo.of(width);
        for (int columns = 1; columns <= 2 * info.nr() + 1; columns++) {
            check(gemm(info.mr() + 1, 5, columns), width);
        }
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void everyShallowDepth(VectorWidth width) {
        KernelInfo info = KernelInfo.of(width);
        for (int k = 3; k <= 35; k++) {
            check(gemm(info.mr() + 2, k, info.nr() + 3), width);
        }
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void depthsAroundKc(VectorWidth width) {
        KernelInfo info = KernelInfo.of(width);
        for (int k : around(info.kc(), 2 * info.kc())) {
            check(gemm(info.mr() + 1, k, info.nr() + 5), width);
        }
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void rowsAroundMc(VectorWidth width) {
        KernelInfo info = KernelInfo.of(width);
        for (int m : around(info.mc(), info.mc() + info.mr(), 2 * info.mc())) {
            check(gemm(m, 7, 23), width);
        }
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void columnsAroundNc(VectorWidth width) {
        KernelInfo info = KernelInfo.of(width);
        for (int columns : around(info.nc(), info.nc() + info.nr(), 2 * info.nc())) {
            check(gemm(info.mr() + 1, 6, columns), width);
        }
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void allBlocksExceededAtOnce(VectorWidth width) {
        KernelInfo info = KernelInfo.of(width);
        check(gemm(info.mc() + 3, info.kc() + 3, info.nc() + 3), width);
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void windowsAcrossBlocksOfDepthAndColumns(VectorWidth width) {
        KernelInfo info = KernelInfo.of(width);
        // 3x3 windows: the block edge falls inside a window's nine taps, and inside an output row.
        int channels = info.kc() / 9 + 1;
        int side = (int) Math.sqrt(info.nc()) + 1;
        check(ConvGeometry.builder().input(1, channels, side, side + 2).outChannels(info.mr() + 1).kernel(3, 3)
                .padding(1).coords(CoordPreset.PADDLE).build(), width);
        check(ConvGeometry.builder().input(3, channels, 9, 7).outChannels(info.mr() + 1).kernel(3, 3)
                .stride(2, 2).padding(1, 0, 2, 1).coords(CoordPreset.WIZARON).build(), width);
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void windowsAcrossBlocksThatKeepOnlyAStage(VectorWidth width) {
        // One block of depth: thousands of columns are staged at once, and rows longer than that are cut.
        int rows = 3 * KernelInfo.of(width).mr() + 1;
        for (int[] size : new int[][] {{67, 67}, {2, 4113}}) {
            check(ConvGeometry.builder().input(1, 2, size[0], size[1]).outChannels(rows).kernel(3, 3).padding(1)
                    .coords(CoordPreset.PADDLE).build(), width);
        }
        check(ConvGeometry.builder().input(2, 1, 131, 67).outChannels(rows).kernel(3, 3).stride(2, 1)
                .padding(1).coords(CoordPreset.PADDLE).build(), width);
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void narrowTailsOfStagedWindows(VectorWidth width) {
        // Every tail of columns, read in the stage by many tiles of rows, side by side and picked.
        KernelInfo info = KernelInfo.of(width);
        for (int tail = 1; tail <= info.nr(); tail++) {
            for (int stride = 1; stride <= 2; stride++) {
                check(ConvGeometry.builder().input(1, 2, stride, stride * (info.nr() + tail)).outChannels(4 * info.mr())
                        .kernel(1, 3).stride(stride, stride).padding(0, 0, 1, 1).coords(CoordPreset.PADDLE).build(), width);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void columnsRunAcrossSmallImages(VectorWidth width) {
        // 4x4 and 1x1 outputs: a tile of NR columns holds several images.
        for (int batch : new int[] {1, 2, 7, 64}) {
            check(ConvGeometry.builder().input(batch, 5, 7, 7).outChannels(9).kernel(3, 3).stride(2, 2)
                    .padding(1).coords(CoordPreset.PADDLE).build(), width);
            check(ConvGeometry.builder().input(batch, 17, 1, 1).outChannels(9).kernel(1, 1).coords(CoordPreset.NONE).build(), width);
        }
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void planesThatFitAFewVectorsAndFillThem(VectorWidth width) {
        // Outputs of whole vectors: a plane of a few floats, one short of four vectors, of exactly four, and one more.
        int lanes = KernelInfo.of(width).nr() / 2;
        for (int side : new int[] {3, 4 * lanes - 1, 4 * lanes, 4 * lanes + 1}) {
            for (CoordPreset preset : List.of(CoordPreset.NONE, CoordPreset.WIZARON, CoordPreset.ROW_FIRST_RADIUS)) {
                check(ConvGeometry.builder().input(3, 4, 1, side).outChannels(9).kernel(2, 4)
                        .padding(1, 0, 2, Math.floorMod(1 - side, lanes)).coords(preset).build(), width);
            }
        }
        for (int batch : new int[] {1, 2, 9}) {
            check(ConvGeometry.builder().input(batch, 6, 8, 8).outChannels(10).groups(2).kernel(3, 3).padding(1)
                    .coords(CoordPreset.PADDLE).build(), width);
            check(ConvGeometry.builder().input(batch, 30, 7, 7).outChannels(13).kernel(3, 3).stride(2, 2).padding(1)
                    .coords(CoordPreset.PADDLE).build(), width);
        }
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void everyRowLengthThatAStrideTakesApart(VectorWidth width) {
        // The gradient to the input puts its rows together again, of even and of odd columns.
        KernelInfo info = KernelInfo.of(width);
        for (int w = 1; w <= 2 * info.nr() + 3; w++) {
            check(ConvGeometry.builder().input(2, 2, 3, w).outChannels(3).kernel(3, 3).stride(2, 2).padding(1)
                    .coords(CoordPreset.PADDLE).build(), width);
        }
    }

    /** A 1x1 convolution of that GEMM shape, its last two rows of K made of coordinates. */
    private static ConvGeometry gemm(int m, int k, int columns) {
        return ConvGeometry.builder().input(1, k - 2, 1, columns).outChannels(m).kernel(1, 1).coords(CoordPreset.PADDLE).build();
    }

    private static int[] around(int... blocks) {
        return IntStream.of(blocks).flatMap(b -> IntStream.rangeClosed(b - 1, b + 1)).toArray();
    }

    private static void check(ConvGeometry g, VectorWidth width) {
        PlanKernel product = new PlanKernel(width, PlanKernel.IM2COL, ForkJoinPool.commonPool());
        Case serial = Case.plain(KernelLoader.underTest(product), g, g.inputLength());
        Tensors t = Tensors.uniform(serial);
        for (Pass pass : Pass.values()) {
            float[] alone = pass.run(serial, t);
            Check.ok(pass.expect(serial, t).compare(alone), pass + " of " + serial);
            LayoutTwin.same(pass, serial, t, alone);
            for (int threads = 2; threads <= 3; threads++) {
                Case split = serial.withThreads(threads);
                Check.sameBits(alone, pass.run(split, t), pass + " of " + split);
            }
        }
    }
}
