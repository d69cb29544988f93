package coordconv.kernels.testing;

import coordconv.kernels.internal.machine.CacheSizes;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.machine.Tuning;
import coordconv.kernels.internal.simd.KernelSet;
import java.util.function.UnaryOperator;

/** Machines whose cache blocks are so small that tiny shapes cross them. */
public final class SmallMachine {
    private SmallMachine() {}

    /**
     * {@return a machine of given blocks}
     *
     * @param kernels its kernels
     * @param kc the greatest KC
     * @param mc MC, where the depth is cut into blocks of {@code kc}
     * @param columnTiles column tiles of a block: NC = that times NR
     */
    public static UnaryOperator<Machine> of(KernelSet kernels, int kc, int mc, int columnTiles) {
        return of(kernels, kc, mc, columnTiles, 0);
    }

    /**
     * {@return a machine of given blocks}
     *
     * @param kernels its kernels
     * @param kc the greatest KC
     * @param mc MC, where the depth is cut into blocks of {@code kc}
     * @param columnTiles column tiles of a block: NC = that times NR
     * @param maxFeaturesClosedForm features up to which coordinates leave the product
     */
    public static UnaryOperator<Machine> of(KernelSet kernels, int kc, int mc, int columnTiles, int maxFeaturesClosedForm) {
        Tuning t = Tuning.DEFAULTS;
        // A quarter of the second level holds MC * KC / 2 floats.
        CacheSizes caches = new CacheSizes(16 << 10, 8L * mc * kc, false, false);
        Tuning tuning = new Tuning(t.l1SixthsPacked(), t.l1SixthsInPlace(), kc, kc, t.l2Parts(),
                t.maxBlockColumns(), t.maxHaloBlockColumns(), columnTiles,
                t.minEfficientRows(), t.maxEqualRows(), t.minTilesForFullLast(), t.maxShuffledRowTiles(),
                t.maxPlaneTable(), 2 * kernels.nr(), 18, 16, t.packingCost(), t.weightCost(), t.entryCost(),
                maxFeaturesClosedForm, t.maxCoordTable(), t.winogradInputCost(), t.winogradOutputCost(),
                t.winogradPixelCost(), t.winogradShortRowCost(), t.winogradWeightCost(),
                t.deformableRows(), t.minGroupsPerThread());
        return ignored -> new Machine(kernels, caches, tuning);
    }

    /** {@return a machine with this processor's caches and other kernels} */
    public static UnaryOperator<Machine> withKernels(KernelSet kernels) {
        return machine -> machine.withKernels(kernels);
    }
}
