package coordconv.verification.deformable;

import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Widths;
import coordconv.verification.deformable.DeformableCase.Setting;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
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

    /** The cases reach every choice that the generator has. */
    @Test
    void casesDiffer() {
        Set<String> seen = new TreeSet<>();
        for (int seed = 0; seed < CASES; seed++) {
            DeformableCase c = DeformableCase.random(seed);
            seen.add(c.g.coords().count() == 0 ? "no coordinates" : "coordinates " + c.g.coords().placement());
            seen.add(c.geometry.order() + " " + c.geometry.masked());
            seen.add(c.g.inputLayout() + " to " + c.g.outputLayout());
            seen.add(c.g.groups() == 1 ? "one group" : "groups");
            seen.add(c.geometry.deformableGroups() == 1 ? "one deformable group" : "deformable groups");
        }
        assertEquals(15, seen.size(), seen.toString());
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
