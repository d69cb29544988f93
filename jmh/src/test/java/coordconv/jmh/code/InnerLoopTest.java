package coordconv.jmh.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InnerLoopTest {
    private static final String LOAD = "  1000:\t62 f1 7c 48 10 04 24 \tvmovups zmm0,ZMMWORD PTR [rbx+rcx*4]";
    private static final String FMA = "  1007:\t62 92 1d 40 b8 e2    \tvfmadd231ps zmm4,zmm28,zmm26";
    private static final String OTHER_FMA = "  100d:\t62 92 1d 40 b8 e3    \tvfmadd231ps zmm5,zmm28,zmm27";
    private static final String SPILL = "  1013:\t62 f1 7c 48 11 04 24 \tvmovups ZMMWORD PTR [rsp+0x40],zmm0";
    private static final String SCALAR_SPILL = "  101a:\t48 89 44 24 08       \tmov    QWORD PTR [rsp+0x8],rax";
    private static final String CALL = "  1020:\te8 84 37 ad ff       \tcall   0x7f94a39d1060";
    private static final String BACK = "  1030:\t7c ce                \tjl     0x1000";
    private static final String OUTER_BACK = "  1040:\t7c be                \tjl     0xf00";
    private static final String ENTRY = "   f00:\t90                   \tnop";

    @Test
    void theShortestLoopIsTaken() {
        InnerLoop loop = InnerLoop.of(List.of(ENTRY, LOAD, FMA, OTHER_FMA, SCALAR_SPILL, BACK, OUTER_BACK)).orElseThrow();
        assertEquals(new InnerLoop(5, 2, 0, 0, 0), loop);
        assertEquals(Optional.empty(), loop.fault(2, 0));
        assertTrue(loop.fault(3, 0).orElseThrow().contains("multiple"));
    }

    @Test
    void spillsAndCallsAreFaults() {
        assertTrue(InnerLoop.of(List.of(LOAD, FMA, SPILL, BACK)).orElseThrow().fault(1, 0).orElseThrow().contains("stack"));
        assertTrue(InnerLoop.of(List.of(LOAD, FMA, CALL, BACK)).orElseThrow().fault(1, 0).orElseThrow().contains("calls"));
    }

    /** As objdump writes them: a vector register holds what no general register is left for. */
    @ParameterizedTest
    @ValueSource(strings = {"c5 f9 7e c2          \tvmovd  edx,xmm0", "c4 61 f9 7e c1       \tvmovq  rcx,xmm8", "62 e1 fd 08 6e d6    \tvmovq  xmm18,rsi",
        "c4 41 79 6e c2       \tvmovd  xmm8,r10d", "66 48 0f 7e c0       \tmovq   rax,xmm0", "62 d1 7d 08 6e ff    \tvmovd  xmm7,r15d"})
    void movesBetweenGeneralAndVectorRegistersAreFaults(String move) {
        InnerLoop loop = InnerLoop.of(List.of(LOAD, FMA, "  1013:\t" + move, BACK)).orElseThrow();
        assertEquals(1, loop.registerMoves());
        assertTrue(loop.fault(1, 0).orElseThrow().contains("general registers ran out"));
        assertEquals(Optional.empty(), loop.fault(1, 1));
        // Around the inner loop they cost little.
        InnerLoop inner = InnerLoop.of(List.of(ENTRY, "   f01:\t" + move, LOAD, FMA, BACK, OUTER_BACK)).orElseThrow();
        assertEquals(Optional.empty(), inner.fault(1, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"c4 a1 7a 7e 04 81    \tvmovq  xmm0,QWORD PTR [rcx+r8*4]", "c5 f9 d6 04 24       \tvmovq  QWORD PTR [rdx],xmm0",
        "c5 f8 28 c1          \tvmovaps xmm0,xmm1", "48 8b c1             \tmov    rax,rcx", "62 f2 7d 48 18 00    \tvbroadcastss zmm0,DWORD PTR [rax]",
        "c5 fa 7e c1          \tvmovq  xmm0,xmm1"})
    void otherMovesAreNot(String move) {
        assertEquals(Optional.empty(), InnerLoop.of(List.of(LOAD, FMA, "  1013:\t" + move, BACK)).orElseThrow().fault(1, 0));
    }

    @Test
    void codeWithoutVectorsHasNoSuchLoop() {
        assertTrue(InnerLoop.of(List.of(LOAD, BACK)).isEmpty());
        assertTrue(InnerLoop.of(List.of(LOAD, FMA, OTHER_FMA)).isEmpty());
    }

    @Test
    void theLastCompilationFromTheEntryIsRead() {
        List<String> log = List.of(
                "Compiled method (c1) 239  456       3       X::run (1995 bytes)", "  0x0000000000000001: 1111",
                "Compiled method (c2) 900  460       4       X::run (1995 bytes)", "  0x0000000000000100: 2222",
                "[/MachCode]",
                "Compiled method (c2) 981  469       4       X::run (1995 bytes)",
                "[MachCode]",
                "  0x0000000000000010: 6690 448b | 56",
                "  0x0000000000000018: ;   {runtime_call Shared Runtime ic_miss_blob}",
                "  0x0000000000000018: c3 ",
                "[/MachCode]",
                "  0x0000000000000020: 9999",
                "Compiled method (c2) 877  466 %     4       X::run @ 195 (1995 bytes)", "  0x0000000000000300: 3333");
        MachineCode code = MachineCode.last(log);
        assertEquals(0x10, code.base());
        assertArrayEquals(new byte[] {0x66, (byte) 0x90, 0x44, (byte) 0x8b, 0x56, (byte) 0x90, (byte) 0x90, (byte) 0x90, (byte) 0xc3}, code.bytes());
        assertThrows(IllegalStateException.class, () -> MachineCode.last(List.of("nothing")));
    }
}
