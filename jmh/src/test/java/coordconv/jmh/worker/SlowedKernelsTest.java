package coordconv.jmh.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.AView;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.BView;
import coordconv.kernels.internal.simd.CView;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.TileKernel;
import coordconv.kernels.internal.simd.TileKernel.ALayout;
import coordconv.kernels.internal.simd.TileKernel.BAccess;
import coordconv.verification.problem.Inputs;
import coordconv.verification.problem.Problem;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.Proxy;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SlowedKernelsTest {
    private static final int KC = 40;
    private static final int TILES = 2;
    private static final int ROWS = 4;

    /** Operands of two tiles; the last tenth of the depth, or so, lies in the panel. */
    private static final class Operands {
        final AView a = new AView();
        final BView b = new BView();
        final CView c = new CView();

        Operands(KernelSet kernels, ALayout layout, boolean inPlace) {
            int nr = kernels.nr();
            int lanes = kernels.lanes();
            a.bind(Inputs.uniform(1, TILES * ROWS * (layout == ALayout.PANEL ? KC : KernelSet.A_ROW_STRIDE)), 0);
            b.bindPanel(Inputs.uniform(2, KC * nr), 0);
            int[] rowAt = new int[KC];
            Arrays.setAll(rowAt, k -> 3 * k);
            int[] columnAt = new int[nr];
            Arrays.setAll(columnAt, j -> j + j % lanes / 2);
            b.bindSource(Inputs.uniform(3, 3 * KC + 4 * nr), 0, rowAt, 0, KC - 3, columnAt, 0, nr - lanes);
            float[] sums = Inputs.uniform(4, TILES * ROWS * nr);
            c.bindSums(sums, 0, nr);
            c.bindResults(inPlace ? sums : new float[TILES * ROWS * nr], 0, nr, nr / 2);
            c.bindBias(Inputs.uniform(5, TILES * ROWS), 0);
            c.alpha = 0.25f;
        }
    }

    @ParameterizedTest
    @EnumSource(BAccess.class)
    void resultsAndPanelsAreTheSame(BAccess access) {
        for (KernelSet kernels : List.of(Machine.ofBits(0).kernels(), Machine.scalar().kernels())) {
            for (ALayout layout : ALayout.values()) {
                for (boolean accumulate : new boolean[] {false, true}) {
                    TileKernel.Shape shape = new TileKernel.Shape(ROWS, false, layout, access, accumulate, Activation.LEAKY_RELU);
                    // Accumulated results usually replace the sums.
                    Operands expected = new Operands(kernels, layout, accumulate);
                    kernels.tile(shape).run(TILES, KC, expected.a, expected.b, expected.c);
                    Operands actual = new Operands(kernels, layout, accumulate);
                    new SlowedKernels(kernels).tile(shape).run(TILES, KC, actual.a, actual.b, actual.c);
                    assertArrayEquals(expected.c.y, actual.c.y, kernels.describe() + " " + shape);
                    assertArrayEquals(expected.b.panel, actual.b.panel, kernels.describe() + " " + shape);
                    assertEquals(KC - 3, actual.b.sourceDepths);
                }
            }
        }
    }

    @Test
    void aTenthOfTheDepthIsComputedBesides() {
        List<Integer> depths = new ArrayList<>();
        TileKernel counting = (tiles, kc, a, b, c) -> {
            depths.add(kc);
            assertTrue(b.sourceDepths <= kc, b.sourceDepths + " of " + kc);
        };
        KernelSet real = Machine.ofBits(0).kernels();
        KernelSet kernels = (KernelSet) Proxy.newProxyInstance(KernelSet.class.getClassLoader(), new Class<?>[] {KernelSet.class},
                (proxy, method, arguments) -> method.getName().equals("tile") ? counting : method.invoke(real, arguments));
        TileKernel.Shape shape = new TileKernel.Shape(ROWS, false, ALayout.PANEL, BAccess.CONTIGUOUS, false, Activation.IDENTITY);
        Operands operands = new Operands(real, ALayout.PANEL, false);
        new SlowedKernels(kernels).tile(shape).run(TILES, KC, operands.a, operands.b, operands.c);
        assertEquals(List.of(KC / 10, KC), depths);
    }

    @Test
    void plansMadeInTheScopeUseThemAndComputeTheSame() {
        ConvGeometry g = Problem.parse("n2c5h9w9o7k3s2p1+xy").geometry();
        float[] expected = forward(g);
        SlowedKernels.inject(() -> {
            assertInstanceOf(SlowedKernels.class, Machine.ofBits(0).kernels());
            assertArrayEquals(expected, forward(g));
        });
        assertFalse(Machine.ofBits(0).kernels() instanceof SlowedKernels);
    }

    private static float[] forward(ConvGeometry g) {
        Conv2dPlan plan = Conv2dPlan.of(g);
        float[] y = new float[g.outputLength()];
        plan.forward(FloatRegion.of(Inputs.uniform(1, g.inputLength())),
                plan.pack(FloatRegion.of(Inputs.uniform(2, g.weightLength())), null), FloatRegion.of(y));
        return y;
    }

    /** Else a worker could not run an older jar, which has the public API and other internals. */
    @Test
    void nothingElseInAWorkerRefersToInternalsOfTheKernels() throws IOException, URISyntaxException {
        Path classes = Path.of(Worker.class.getProtectionDomain().getCodeSource().getLocation().toURI()).resolve("coordconv/jmh");
        int seen = 0;
        for (String folder : List.of("worker", "engines")) {
            try (Stream<Path> files = Files.list(classes.resolve(folder))) {
                for (Path file : files.filter(f -> !f.getFileName().toString().startsWith("SlowedKernels")).toList()) {
                    seen++;
                    for (PoolEntry entry : ClassFile.of().parse(Files.readAllBytes(file)).constantPool()) {
                        if (entry instanceof ClassEntry type) {
                            assertFalse(type.asInternalName().contains("coordconv/kernels/internal"), file + ": " + type.asInternalName());
                        }
                    }
                }
            }
        }
        assertTrue(seen > 20, "class files: " + seen);
    }
}
