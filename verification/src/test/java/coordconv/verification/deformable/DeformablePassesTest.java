package coordconv.verification.deformable;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Widths;
import coordconv.verification.deformable.DeformableCase.Setting;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every pass over many small shapes, against the reference under its bound, and exactly where nothing rounds. */
class DeformablePassesTest {
    static final List<VectorWidth> WIDTHS = Widths.ALL;
    private static final int CASES = 72;

    static FloatRegion nativeCopy(FloatRegion region) {
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(4, region.segment().byteSize()), 4);
        MemorySegment.copy(region.segment(), 0, copy, 0, region.segment().byteSize());
        return FloatRegion.of(copy.asSlice(0, region.segment().byteSize()));
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void everyPassIsWithinItsBound(VectorWidth width) {
        for (int seed = 0; seed < CASES; seed++) {
            Setting setting = Setting.of(width).threads(1 + seed % 3);
            setting = seed % 2 == 0 ? setting : setting.memory(DeformablePassesTest::nativeCopy);
            setting = seed % 5 < 2 ? setting.accumulating() : setting;
            DeformableCase.random(seed).check(setting);
        }
    }
}
