"""Typesets text, reads it back with tesseract and PP-OCR, and counts which character is read for which.

Usage: confusions-seen.py OUT.json SECONDS TESSERACT_LANGUAGE TEXT...
"""
import sys,os,random,collections,json,difflib,subprocess,time,io
os.environ['OMP_THREAD_LIMIT']='1'
from PIL import Image,ImageDraw,ImageFont,ImageFilter
import numpy as np
FONTS=[('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',2),('/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc',2),('/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc',0),('/usr/share/fonts/truetype/wqy/wqy-microhei.ttc',0),('/usr/share/fonts/truetype/arphic/ukai.ttc',0),('/usr/share/fonts/truetype/arphic/uming.ttc',0)]
han=lambda c:'\u4e00'<=c<='\u9fff'
def main(texts,out,seconds,lang,seed):
    rnd=random.Random(seed); nrnd=np.random.default_rng(seed)
    lines=[]
    for t in texts:
        for l in open(t):
            l=''.join(c for c in l.strip() if han(c) or c in '，。、；：！？（）“”')
            for i in range(0,len(l)-10,24):
                lines.append(l[i:i+24])
    from rapidocr_onnxruntime import RapidOCR
    ocr=RapidOCR(intra_op_num_threads=1,inter_op_num_threads=1,use_cls=False)
    pairs=collections.Counter(); total=collections.Counter(); end=time.time()+seconds; n=0
    while time.time()<end:
        path,index=rnd.choice(FONTS); size=rnd.choice([16,18,20,22,24,28,34])
        if rnd.random()<.5: size=rnd.choice([14,16,18,20])
        font=ImageFont.truetype(path,size,index=index); pick=rnd.sample(lines,24)
        im=Image.new('L',(size*26,int(size*1.7*len(pick)+size)),255); d=ImageDraw.Draw(im)
        for k,l in enumerate(pick): d.text((size,size*.5+k*size*1.7),l,fill=0,font=font)
        im=im.filter(ImageFilter.GaussianBlur(rnd.choice([0,.4,.7,.9,1.1])))
        a=np.asarray(im).astype(float); con=rnd.uniform(.45,1); a=255-(255-a)*con+nrnd.normal(0,rnd.choice([3,6,12,20]),a.shape)
        im=Image.fromarray(np.clip(a,0,255).astype('uint8'))
        b=io.BytesIO(); im.save(b,'JPEG',quality=rnd.choice([40,60,80,95])); im=Image.open(b)
        engine='t' if n%2==0 else 'p'; n+=1
        got=[]
        if engine=='t':
            im.save(f'confusions-{seed}.png')
            r=subprocess.run(['tesseract',f'confusions-{seed}.png','-','-l',lang,'--psm','6','--dpi','150'],capture_output=True)
            got=[''.join(l.split()) for l in r.stdout.decode().split('\n')]; got=[l for l in got if l]
        else:
            r,_=ocr(np.asarray(im.convert('RGB'))); got=[x[1] for x in sorted(r or [],key=lambda x:x[0][0][1])]
        A=''.join(pick); B=''.join(got)
        if lang=='chi_tra' and engine=='p': continue
        sm=difflib.SequenceMatcher(None,A,B,autojunk=False)
        if sm.ratio()<.6: continue
        total[engine]+=len(A)
        for op,i,j,k,l in sm.get_opcodes():
            if op=='replace' and j-i==l-k<=2:
                for x,y in zip(A[i:j],B[k:l]):
                    if han(x) and han(y): pairs[y+x,engine]+=1
        if n%20==0:
            json.dump(dict(total=total,pairs=[[p,e,c] for (p,e),c in pairs.items()]),open(out,'w'),ensure_ascii=False)
    json.dump(dict(total=total,pairs=[[p,e,c] for (p,e),c in pairs.items()]),open(out,'w'),ensure_ascii=False)
main(sys.argv[4:],sys.argv[1],float(sys.argv[2]),sys.argv[3],7)
